import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";
import { StoreError } from "./store-error.ts";

type Run = Pick<Connection, "run">;

const MAX_TITLE_LENGTH = 200; // UTF-16 units: one line in a list
const MAX_TAG_LENGTH = 64; // UTF-16 units: a tag is a word
const MAX_TAGS = 32; // a session's tags are shown in one line
const MAX_DATA_BYTES = 16 * 1024; // small metadata; larger things belong in files

/** A title as it is stored: one line without control characters; null clears it. Throws when it is too long. */
export function readTitle(text: string | null): string | null {
  const line = (text ?? "").replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  if (line.length > MAX_TITLE_LENGTH)
    throw new StoreError("invalid", `title: at most ${MAX_TITLE_LENGTH} characters, got ${line.length}.`);
  return line === "" ? null : line;
}

const tagInsertion = statement<{ session: number; tag: string }>()((db, p) =>
  db
    .insertInto("session_tags")
    .values({ session: p.session, tag: p.tag })
    .onConflict((conflict) => conflict.doNothing()),
);
/** Tags a session; a tag it has already stays. Throws when the tag is empty, too long, or one too many. */
export function insertTag(db: Run & Reader, session: number, tag: string): void {
  if (tag.trim() === "" || tag.length > MAX_TAG_LENGTH)
    throw new StoreError("invalid", `tag: expected 1 to ${MAX_TAG_LENGTH} characters, got ${tag.length}.`);
  db.run(tagInsertion, { session, tag });
  if (selectTags(db, session).length > MAX_TAGS)
    throw new StoreError("invalid", `tag: a session has at most ${MAX_TAGS}. Remove one first.`);
}

const tagRemoval = statement<{ session: number; tag: string }>()((db, p) =>
  db.deleteFrom("session_tags").where("session", "=", p.session).where("tag", "=", p.tag),
);
/** Takes a tag off a session. */
export function deleteTag(db: Run, session: number, tag: string): void {
  db.run(tagRemoval, { session, tag });
}

const tags = statement<{ session: number }>()((db, p) =>
  db.selectFrom("session_tags").select("tag").where("session", "=", p.session).orderBy("tag"),
);
/** A session's tags in alphabetical order. */
export function selectTags(db: Reader, session: number): string[] {
  return db.all(tags, { session }).map((row) => row.tag);
}

const dataPut = statement<{ session: number; data: string }>()((db, p) =>
  db
    .insertInto("session_data")
    .values({ session: p.session, data: p.data })
    .onConflict((conflict) => conflict.column("session").doUpdateSet({ data: p.data })),
);
/** Replaces the data programs keep with a session. Throws when it is over 16 KiB as JSON. */
export function putSessionData(db: Run, session: number, data: Readonly<Record<string, unknown>>): void {
  const json = JSON.stringify(data);
  const sizeBytes = Buffer.byteLength(json);
  if (sizeBytes > MAX_DATA_BYTES)
    throw new StoreError("invalid", `customData: at most ${MAX_DATA_BYTES} bytes of JSON, got ${sizeBytes}.`);
  db.run(dataPut, { session, data: json });
}

const data = statement<{ session: number }>()((db, p) =>
  db.selectFrom("session_data").select("data").where("session", "=", p.session),
);
/** The data programs keep with a session; empty when there is none. */
export function selectSessionData(db: Reader, session: number): Readonly<Record<string, unknown>> {
  const row = db.get(data, { session });
  return row === null ? {} : (JSON.parse(row.data) as Record<string, unknown>);
}

const tagsRemoval = statement<{ session: number }>()((db, p) =>
  db.deleteFrom("session_tags").where("session", "=", p.session),
);
const dataRemoval = statement<{ session: number }>()((db, p) =>
  db.deleteFrom("session_data").where("session", "=", p.session),
);
/** Takes off all tags, and the data programs keep with the session. */
export function deleteLabels(db: Run, session: number): void {
  db.run(tagsRemoval, { session });
  db.run(dataRemoval, { session });
}
