import type { OutboxRow } from "./outbox.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

/** A post that shows an answer under way. */
export type GrowingPost = Pick<OutboxRow, "id" | "text" | "post_id" | "state">;

const posted = statement<{ id: number; postId: string }>()((db, p) =>
  db
    .updateTable("outbox")
    .set((eb) => ({
      // Finished while it was on its way: what was posted is the beginning, and the rest is still to be shown.
      state: eb
        .case()
        .when("grows", "=", 1)
        .then("growing" as const)
        .else("pending" as const)
        .end(),
      attempts: eb("attempts", "+", 1),
      post_id: p.postId,
    }))
    .where("id", "=", p.id)
    .where("state", "=", "pending"),
);
/** The platform took the beginning of an answer. */
export function markGrowing(db: Run, id: number, postId: string): void {
  db.run(posted, { id, postId });
}

const finished = statement<{ id: number; text: string; nowMs: number }>()((db, p) =>
  db
    .updateTable("outbox")
    .set({ state: "pending", grows: 0, text: p.text, attempts: 0, next_attempt_at_ms: p.nowMs, created_at_ms: p.nowMs })
    .where("id", "=", p.id)
    .where("grows", "=", 1)
    .where("state", "in", ["pending", "growing"]),
);
/** The post has its final text, which is now to be shown. False when it was given up meanwhile. */
export function finishGrowing(db: Run, post: { id: number; text: string; nowMs: number }): boolean {
  return db.run(finished, post).changes === 1;
}

const left = statement<{ inboxId: number; from: number; nowMs: number }>()((db, p) =>
  db
    .updateTable("outbox")
    .set((eb) => ({
      grows: 0,
      state: eb
        .case()
        .when("state", "=", "growing")
        .then("sent" as const)
        .else(eb.ref("state"))
        .end(),
      sent_at_ms: p.nowMs,
    }))
    .where("id", ">=", p.from)
    .where("inbox_id", "=", p.inboxId)
    .where("grows", "=", 1)
    .where("state", "in", ["pending", "growing"]),
);
/** The answer to an inbox row will not be finished: its posts, given the first of them, stay as they are. */
export function leaveGrowing(db: Run, posts: { inboxId: number; from: number; nowMs: number }): void {
  db.run(left, posts);
}

const lost = statement<{ id: number }>()((db, p) =>
  db.updateTable("outbox").set({ post_id: null }).where("id", "=", p.id).where("state", "=", "pending"),
);
/** The post that was to be edited is gone: it is posted anew. */
export function forgetPost(db: Run, id: number): void {
  db.run(lost, { id });
}

const ofInbox = statement<{ inboxId: number; from: number }>()((db, p) =>
  db
    .selectFrom("outbox")
    .select(["id", "text", "post_id", "state"])
    .where("id", ">=", p.from)
    .where("inbox_id", "=", p.inboxId)
    .where("grows", "=", 1)
    .orderBy("id")
    .limit(100),
);
/** The posts that show the answer to an inbox row so far, in order, given the first of them. */
export function selectGrowing(db: Reader, inboxId: number, firstOutboxId: number): GrowingPost[] {
  return db.all(ofInbox, { inboxId, from: firstOutboxId });
}
