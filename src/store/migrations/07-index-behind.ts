/** The full-text index follows the rows: how far it has come is known. So far each line was indexed in the transaction that stored it. */
export const indexBehindSchema = `
INSERT INTO meta (name, value) SELECT 'indexed_through', coalesce(max(id), 0) FROM messages;
`;
