/** The full-text index follows the rows: how far it has come is known. So far each line was indexed in the transaction that stored it.
 * Eight segments of a size are merged into one, a few pages at a time; sixty-four at once, which shall not happen. */
export const indexBehindSchema = `
INSERT INTO meta (name, value) SELECT 'indexed_through', coalesce(max(id), 0) FROM messages;
INSERT INTO messages_fts (messages_fts, rank) VALUES ('usermerge', 8);
INSERT INTO messages_fts (messages_fts, rank) VALUES ('crisismerge', 64);
`;
