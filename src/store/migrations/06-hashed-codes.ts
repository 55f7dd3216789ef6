/** Pairing codes are kept as hashes. Open requests had theirs in clear text: whoever made one writes again. */
export const hashedCodesSchema = `
ALTER TABLE pairings RENAME COLUMN code TO code_hash;
DELETE FROM pairings WHERE state = 'pending';
`;
