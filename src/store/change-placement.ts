import { formatScope } from "../session/memory-scope.ts";
import { deleteNodeIfOrphan } from "./memory-nodes.ts";
import type { Placement, PlacementState } from "./memory-placement.ts";
import { indexMemory, unindexMemory } from "./memory-search.ts";
import type { SessionRow } from "./session.ts";
import { selectSession } from "./sessions.ts";
import type { Connection, Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";

type Run = Pick<Connection, "run">;

/** What a placement starts with; its node is stored. */
export interface NewPlacement {
  scope: string;
  addr: string;
  content: string;
  fingerprint: string;
  bucket: string;
  state: "preliminary" | "active";
  confidence: number;
  priority: number;
  author: string | null;
  target: string | null;
  sourceSession: string | null;
  sourceFromSeq: number | null;
  sourceToSeq: number | null;
  validFromMs: number;
  toldExplicitly: boolean;
  nowMs: number;
}
const insertion = statement<Omit<NewPlacement, "content" | "toldExplicitly"> & { told: number }>()((db, p) =>
  db.insertInto("memory_placements").values({
    scope: p.scope,
    addr: p.addr,
    fingerprint: p.fingerprint,
    bucket: p.bucket,
    state: p.state,
    confidence: p.confidence,
    priority: p.priority,
    author: p.author,
    target: p.target,
    source_session: p.sourceSession,
    source_seq_from: p.sourceFromSeq,
    source_seq_to: p.sourceToSeq,
    valid_from_ms: p.validFromMs,
    told_explicitly: p.told,
    created_at_ms: p.nowMs,
    updated_at_ms: p.nowMs,
  }),
);
/** Adds a placement that recall finds, and returns its number; the unique indexes refuse the same words twice in a scope. */
export function insertPlacement(db: Run & Reader, placement: NewPlacement): number {
  const id = db.run(insertion, { ...placement, told: placement.toldExplicitly ? 1 : 0 }).lastId;
  index(db, { ...placement, id });
  return id;
}

type Indexed = Pick<Placement, "id" | "scope" | "content" | "sourceSession">;

function index(db: Run & Reader, { id, scope, content: text, sourceSession }: Indexed): void {
  // Only of people it matters where they said it: what they said elsewhere is not for those who read along.
  const session = scope.startsWith("user:") && sourceSession !== null ? selectSession(db, sourceSession) : null;
  const saidIn = session === null ? null : chatScope(session);
  indexMemory(db, { id, scope, text, saidIn });
}

function chatScope({ platform, account, chat_id: chatId }: SessionRow): string {
  return formatScope({ kind: "chat", platform, account, chatId });
}

/** Indexes a placement anew: where it was said has another name now. */
export function reindexPlacement(db: Run & Reader, placement: Placement): void {
  if (!isFound(placement.state)) return;
  unindexMemory(db, placement.id);
  index(db, placement);
}

const transition = statement<{
  id: number;
  from: PlacementState;
  to: PlacementState;
  validToMs: number | null;
  supersededBy: number | null;
  promotedTo: number | null;
  nowMs: number;
}>()((db, p) =>
  db
    .updateTable("memory_placements")
    .set({
      state: p.to,
      valid_to_ms: p.validToMs,
      superseded_by: p.supersededBy,
      promoted_to: p.promotedTo,
      updated_at_ms: p.nowMs,
    })
    .where("id", "=", p.id)
    .where("state", "=", p.from),
);
const isFound = (state: PlacementState) => state === "active" || state === "preliminary";

/** Moves a placement to another state, and in or out of what recall finds; false when it is in another state than it was read with. */
export function changePlacementState(
  db: Run & Reader,
  placement: Placement,
  change: {
    readonly to: PlacementState;
    readonly nowMs: number;
    readonly validToMs?: number | null;
    readonly supersededBy?: number;
    readonly promotedTo?: number;
  },
): boolean {
  const { changes } = db.run(transition, {
    id: placement.id,
    from: placement.state,
    to: change.to,
    validToMs: change.validToMs === undefined ? placement.validToMs : change.validToMs,
    supersededBy: change.supersededBy ?? placement.supersededBy,
    promotedTo: change.promotedTo ?? placement.promotedTo,
    nowMs: change.nowMs,
  });
  if (changes === 0) return false;
  if (isFound(placement.state) && !isFound(change.to)) unindexMemory(db, placement.id);
  if (!isFound(placement.state) && isFound(change.to)) index(db, placement);
  return true;
}

const strengthening = statement<{ id: number; confidence: number; told: number; nowMs: number }>()((db, p) =>
  db
    .updateTable("memory_placements")
    .set((eb) => ({
      reinforced: eb("reinforced", "+", eb.lit(1)),
      confidence: p.confidence,
      told_explicitly: p.told,
      updated_at_ms: p.nowMs,
    }))
    .where("id", "=", p.id),
);
/** The same was said again. */
export function reinforcePlacement(
  db: Run,
  placement: Placement,
  again: { readonly confidence: number; readonly toldExplicitly: boolean; readonly nowMs: number },
): void {
  db.run(strengthening, {
    id: placement.id,
    confidence: Math.max(placement.confidence, again.confidence),
    told: placement.toldExplicitly || again.toldExplicitly ? 1 : 0,
    nowMs: again.nowMs,
  });
}

const relocation = statement<{ id: number; scope: string }>()((db, p) =>
  db.updateTable("memory_placements").set({ scope: p.scope }).where("id", "=", p.id),
);
/** Lets a placement follow its chat to another id. */
export function relocatePlacement(db: Run & Reader, placement: Placement, scope: string): void {
  db.run(relocation, { id: placement.id, scope });
  reindexPlacement(db, { ...placement, scope });
}

const retargeting = statement<{ from: string; to: string }>()((db, p) =>
  db.updateTable("memory_placements").set({ target: p.to }).where("target", "=", p.from),
);
/** What may be promoted to one scope may be promoted to another from now on. */
export function retargetPlacements(db: Run, from: string, to: string): void {
  db.run(retargeting, { from, to });
}

const removal = statement<{ id: number }>()((db, p) => db.deleteFrom("memory_placements").where("id", "=", p.id));
/** Erases a placement for good, and its node where nothing else has it. */
export function deletePlacement(db: Run & Reader, placement: Pick<Placement, "id" | "addr" | "state">): void {
  if (isFound(placement.state)) unindexMemory(db, placement.id);
  db.run(removal, { id: placement.id });
  deleteNodeIfOrphan(db, placement.addr);
}
