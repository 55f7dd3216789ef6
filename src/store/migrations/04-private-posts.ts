/** Posts that are for one person alone. */
export const privatePostsSchema = `
ALTER TABLE outbox ADD COLUMN private_to TEXT;
`;
