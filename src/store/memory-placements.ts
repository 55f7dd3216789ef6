import type { Kysely } from "kysely";
import { type Placement, type PlacementState, placementOf } from "./memory-placement.ts";
import type { Reader } from "./sqlite.ts";
import { statement } from "./statement.ts";
import type { Tables } from "./tables.ts";

/** Placements with the content of their nodes, of which `placementOf` makes what the rest of the program sees. */
export const placements = (db: Kysely<Tables>) =>
  db
    .selectFrom("memory_placements")
    .innerJoin("memory_nodes", "memory_nodes.addr", "memory_placements.addr")
    .selectAll("memory_placements")
    .select(["memory_nodes.content", "memory_nodes.inputs"]);

const byId = statement<{ id: number }>()((db, p) => placements(db).where("memory_placements.id", "=", p.id));
/** The placement with this number, or null. */
export function selectPlacement(db: Reader, id: number): Placement | null {
  const row = db.get(byId, { id });
  return row === null ? null : placementOf(row);
}

const ofScope = statement<{ scope: string; state: PlacementState; after: number; limit: number }>()((db, p) =>
  placements(db)
    .where("scope", "=", p.scope)
    .where("state", "=", p.state)
    .where("memory_placements.id", ">", p.after)
    .orderBy("memory_placements.id")
    .limit(p.limit),
);
/** A page of what a scope has in one state, oldest first. */
export function selectPlacements(
  db: Reader,
  page: { readonly scope: string; readonly state: PlacementState; readonly after: number; readonly limit: number },
): Placement[] {
  return db.all(ofScope, page).map(placementOf);
}

const newestOfScope = statement<{ scope: string; state: PlacementState; before: number; limit: number }>()((db, p) =>
  placements(db)
    .where("scope", "=", p.scope)
    .where("state", "=", p.state)
    .where("memory_placements.id", "<", p.before)
    .orderBy("memory_placements.id", "desc")
    .limit(p.limit),
);
/** A page of what a scope has in one state, newest first. */
export function selectNewestPlacements(
  db: Reader,
  page: { readonly scope: string; readonly state: PlacementState; readonly before: number; readonly limit: number },
): Placement[] {
  return db.all(newestOfScope, page).map(placementOf);
}

const newestOfAll = statement<{ state: PlacementState; before: number; limit: number }>()((db, p) =>
  placements(db)
    .where("state", "=", p.state)
    .where("memory_placements.id", "<", p.before)
    .orderBy("memory_placements.id", "desc")
    .limit(p.limit),
);
/** A page of what all scopes have in one state, newest first: for operators, who may see it. */
export function selectNewestOfAll(
  db: Reader,
  page: { readonly state: PlacementState; readonly before: number; readonly limit: number },
): Placement[] {
  return db.all(newestOfAll, page).map(placementOf);
}

const replacing = statement<{ scope: string; limit: number }>()((db, p) =>
  placements(db)
    .where("scope", "=", p.scope)
    .where("state", "=", "preliminary")
    .where("memory_nodes.inputs", "<>", "[]")
    .orderBy("memory_placements.id", "desc")
    .limit(p.limit),
);
/** What of a session's chain takes the place of something, newest first. Reads the chain, which is bounded. */
export function selectReplacingPlacements(db: Reader, scope: string, limit: number): Placement[] {
  return db.all(replacing, { scope, limit }).map(placementOf);
}

const ofFingerprint = statement<{ scope: string; fingerprint: string; limit: number }>()((db, p) =>
  placements(db)
    .where("scope", "=", p.scope)
    .where("fingerprint", "=", p.fingerprint)
    .orderBy("memory_placements.id", "desc")
    .limit(p.limit),
);
/** What became of the same words in a scope, newest first. */
export function selectSamePlacements(db: Reader, scope: string, fingerprint: string, limit: number): Placement[] {
  return db.all(ofFingerprint, { scope, fingerprint, limit }).map(placementOf);
}

const ofNode = statement<{ addr: string; scope: string }>()((db, p) =>
  placements(db).where("memory_placements.addr", "=", p.addr).where("scope", "=", p.scope),
);
/** Where in a scope a node is remembered, or was. */
export function selectPlacementsOfNode(db: Reader, addr: string, scope: string): Placement[] {
  return db.all(ofNode, { addr, scope }).map(placementOf);
}

const ofSource = statement<{ sessionId: string; after: number; limit: number }>()((db, p) =>
  placements(db)
    .where("source_session", "=", p.sessionId)
    .where("memory_placements.id", ">", p.after)
    .orderBy("memory_placements.id")
    .limit(p.limit),
);
/** What was learned in a session, wherever it is remembered now. */
export function selectPlacementsOfSource(db: Reader, sessionId: string, after: number, limit: number): Placement[] {
  return db.all(ofSource, { sessionId, after, limit }).map(placementOf);
}

const ofAuthor = statement<{ author: string; after: number; limit: number }>()((db, p) =>
  placements(db)
    .where("author", "=", p.author)
    .where("memory_placements.id", ">", p.after)
    .orderBy("memory_placements.id")
    .limit(p.limit),
);
/** What a person said, wherever it is remembered. */
export function selectPlacementsOfAuthor(db: Reader, author: string, after: number, limit: number): Placement[] {
  return db.all(ofAuthor, { author, after, limit }).map(placementOf);
}

const everyOfScope = statement<{ scope: string; after: number; limit: number }>()((db, p) =>
  placements(db)
    .where("scope", "=", p.scope)
    .where("state", "in", ["preliminary", "active", "superseded", "stashed", "forgotten", "archived"])
    .where("memory_placements.id", ">", p.after)
    .limit(p.limit),
);
/** Any of what a scope has, in whatever state and order. */
export function selectAnyPlacements(db: Reader, scope: string, after: number, limit: number): Placement[] {
  return db.all(everyOfScope, { scope, after, limit }).map(placementOf);
}

const waiting = statement<{ target: string; fingerprint: string; limit: number }>()((db, p) =>
  placements(db)
    .where("target", "=", p.target)
    .where("fingerprint", "=", p.fingerprint)
    .where("state", "in", ["preliminary", "archived"])
    .limit(p.limit),
);
/** The same words in sessions from which they may reach a scope. */
export function selectPlacementsFor(db: Reader, target: string, fingerprint: string, limit: number): Placement[] {
  return db.all(waiting, { target, fingerprint, limit }).map(placementOf);
}

const atAddress = statement<{ from: string; to: string; limit: number }>()((db, p) =>
  placements(db)
    .where("memory_placements.addr", ">=", p.from)
    .where("memory_placements.addr", "<", p.to)
    .where("state", "in", ["preliminary", "active", "superseded", "stashed", "archived"])
    .orderBy("memory_placements.id", "desc")
    .limit(p.limit),
);
/** What is remembered under an address, or the beginning of one, in whatever scope, newest first; not what was forgotten. */
export function selectPlacementsAt(db: Reader, addr: string, limit: number): Placement[] {
  // `g` follows on the last of the hexadecimal digits.
  return db.all(atAddress, { from: addr, to: `${addr}g`, limit }).map(placementOf);
}

const saidIn = statement<{ target: string; fingerprint: string; limit: number }>()((db, p) =>
  db
    .selectFrom("memory_placements")
    .select("scope")
    .where("target", "=", p.target)
    .where("fingerprint", "=", p.fingerprint)
    .where("state", "in", ["preliminary", "archived"])
    .limit(p.limit),
);
/** In how many sessions the same was said for one scope, up to `limit`. */
export function countSessionsSaying(db: Reader, target: string, fingerprint: string, limit: number): number {
  return new Set(db.all(saidIn, { target, fingerprint, limit }).map(({ scope }) => scope)).size;
}
