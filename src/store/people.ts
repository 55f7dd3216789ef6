import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

const zone = statement<{ platform: string; userId: string }>()((db, p) =>
  db.selectFrom("people").select("time_zone").where("platform", "=", p.platform).where("user_id", "=", p.userId),
);
/** The IANA time zone a person chose, or null. */
export function selectTimeZone(db: Reader, platform: string, userId: string): string | null {
  return db.get(zone, { platform, userId })?.time_zone ?? null;
}

const choice = statement<{ platform: string; userId: string; timeZone: string | null }>()((db, p) =>
  db
    .insertInto("people")
    .values({ platform: p.platform, user_id: p.userId, time_zone: p.timeZone })
    .onConflict((conflict) => conflict.columns(["platform", "user_id"]).doUpdateSet({ time_zone: p.timeZone })),
);
/** Keeps the IANA time zone a person chose, which the caller has checked; null goes back to the configured one. */
export function putTimeZone(
  db: Pick<Connection, "run">,
  chosen: { platform: string; userId: string; timeZone: string | null },
): void {
  db.run(choice, chosen);
}
