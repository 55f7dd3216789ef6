import { z } from "zod";
import { deleteMeta, putMeta, selectMeta } from "./meta.ts";
import type { Connection, Reader } from "./sqlite.ts";

const place = z.object({
  kind: z.literal("place"),
  account: z.string(),
  chatId: z.string(),
  threadId: z.string().nullable(),
  /** The chat's name when it was chosen: other people's text. */
  name: z.string().nullable(),
});
const home = z.discriminatedUnion("kind", [place, z.object({ kind: z.literal("off") })]);

/** A platform's home channel as an admin chose it in a chat: a place, or none whatever the configuration says. */
export type ChosenHome = Readonly<z.output<typeof home>>;

/** What was chosen for a platform; null when nothing was: then the configuration counts. */
export function selectHome(db: Reader, platform: string): ChosenHome | null {
  const stored = selectMeta(db, `home:${platform}`);
  return stored === null ? null : home.parse(JSON.parse(stored));
}

/** Keeps what was chosen; null goes back to the configuration. */
export function putHome(db: Pick<Connection, "run">, platform: string, chosen: ChosenHome | null): void {
  if (chosen === null) deleteMeta(db, `home:${platform}`);
  else putMeta(db, `home:${platform}`, JSON.stringify(chosen));
}
