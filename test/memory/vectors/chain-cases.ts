import { collectGarbage } from "../../../src/memory/collect-garbage.ts";
import { chainOf } from "../../../src/memory/file-claims.ts";
import { memoryAsOf, memoryOf } from "../../../src/memory/memory-of.ts";
import { legacyAddr, nodeAddress } from "../../../src/memory/node-address.ts";
import { promoteChain } from "../../../src/memory/promote-chain.ts";
import { readClaims } from "../../../src/memory/read-claims.ts";
import { refreshSession } from "../../../src/memory/refresh-session.ts";
import { remember } from "../../../src/memory/remember.ts";
import { pop, stash } from "../../../src/memory/set-aside.ts";
import { formatScope } from "../../../src/session/memory-scope.ts";
import { insertNode, selectNode } from "../../../src/store/memory-nodes.ts";
import { selectPlacementsAt, selectPlacementsOfSource } from "../../../src/store/memory-placements.ts";
import type { Session } from "../../../src/store/session.ts";
import { logLine } from "../../support/fake-memory.ts";
import { claimOf, type LifecycleWorld } from "../../support/lifecycle-world.ts";
import { dmSource } from "../../support/test-store.ts";
import { given, type Node, only, vectors } from "./chain-vectors.ts";
import { runSql } from "./commit-scene.ts";
import type { VectorCase } from "./vector-case.ts";

const DAY_MS = 24 * 3_600_000;
const ann = formatScope({ kind: "user", platform: "telegram", account: "default", userId: "ann" });
const members = ["Stores sessions in SQLite", "Chose WAL mode", "Syncs each transaction"];

/** A session whose chain has three members; they stand for the chain of the reference. */
async function withChain(world: LifecycleWorld, texts: readonly string[] = members): Promise<Session> {
  const session = await world.open();
  await world.say(session, "we decide on storage");
  world.claims.push(texts.map((text) => claimOf(text, { bucket: "project_fact" })));
  await refreshSession(world.lifecycle, session.sessionId, { reason: "test" });
  return session;
}

const promote = (world: LifecycleWorld, session: Session) =>
  world.store.write((tx) => promoteChain(tx, world.row(session), world.clock.nowMs()));
const active = ({ store }: LifecycleWorld) => memoryOf(store.reader, ann, { limit: 50 });
const chainStates = ({ store }: LifecycleWorld, { sessionId }: Session) => [
  ...new Set(
    selectPlacementsOfSource(store.reader, sessionId, 0, 50)
      .filter(({ scope }) => scope !== ann)
      .map(({ state }) => state),
  ),
];
const tell = (world: LifecycleWorld, content: string, replaces?: number) =>
  world.store.write((tx) => {
    const telling = { scope: ann, content, bucket: "project_fact", author: ann, source: null } as const;
    const told = remember(tx, replaces === undefined ? telling : { ...telling, replaces }, world.clock.nowMs());
    if (told.kind === "refused") throw new Error(told.reason);
    return told.placement;
  });
const nodeOf = ([type, content, inputs]: Node) => ({ type, content, inputs });

/** Chains, their promotion, what is put aside, and what is cleaned away. */
export const chainCases: readonly VectorCase[] = [
  {
    of: "addresses",
    reference: vectors.addresses.map(({ addr }) => addr),
    ours: async () => vectors.addresses.map(legacyAddr),
  },
  {
    of: "collisions",
    reference: vectors.collisions.map(({ equal }) => equal),
    ours: async () => vectors.collisions.map(({ a, b }) => nodeAddress(nodeOf(a)) === nodeAddress(nodeOf(b))),
    departs: { to: [false, false], why: "an address is of canonical JSON: other fields are another node" },
  },
  {
    of: "chain_before",
    reference: {
      members: (given("chain_before").members as readonly string[]).length,
      ...only("chain_before", "status"),
    },
    async ours(world) {
      const session = await withChain(world);
      const chain = chainOf(world.store.reader, session.sessionId);
      return { members: chain.length, status: chainStates(world, session).join() };
    },
  },
  {
    of: "extend_returns",
    reference: { duplicate_member: given("extend_returns").duplicate_member },
    async ours(world) {
      const session = await withChain(world);
      await world.say(session, "once more");
      world.claims.push([claimOf(members[0] ?? "")]);
      const again = await refreshSession(world.lifecycle, session.sessionId, { reason: "test" });
      return { duplicate_member: !again.ok || again.kept > 0 };
    },
  },
  {
    of: "project_before",
    reference: only("project_before", "active"),
    async ours(world) {
      await withChain(world);
      return { active: active(world) };
    },
  },
  {
    of: "promote",
    reference: {
      ...only("promote", "session_chain_status_after", "session_nodes_still_there"),
      project_active: (given("promote").project_active as readonly string[]).length,
    },
    async ours(world) {
      const session = await withChain(world);
      const nodes = chainOf(world.store.reader, session.sessionId).map(({ addr }) => addr);
      await promote(world, session);
      return {
        session_chain_status_after: chainStates(world, session).join(),
        session_nodes_still_there: nodes.every((addr) => selectNode(world.store.reader, addr) !== null),
        project_active: active(world).length,
      };
    },
  },
  {
    of: "summary_after",
    reference: only("summary_after", "preliminary_chains"),
    async ours(world) {
      const session = await withChain(world);
      await promote(world, session);
      return { preliminary_chains: chainOf(world.store.reader, session.sessionId).length };
    },
  },
  {
    of: "promote_again",
    reference: { promotes: true },
    async ours(world) {
      const session = await withChain(world);
      await promote(world, session);
      const { promoted, reinforced } = await promote(world, session);
      return { promotes: promoted + reinforced > 0 };
    },
    departs: { to: { promotes: false }, why: "what is promoted is archived: doing it again changes nothing" },
  },
  {
    of: "promote_overwrites_project_status",
    reference: only("promote_overwrites_project_status", "before", "after"),
    async ours(world) {
      const session = await withChain(world, [members[0] ?? ""]);
      const known = await tell(world, members[0] ?? "");
      await world.store.write((tx) => stash(tx, known.id, world.clock.nowMs()));
      const stateOf = () =>
        selectPlacementsAt(world.store.reader, known.addr, 9).find(({ scope }) => scope === ann)?.state;
      const before = stateOf();
      await promote(world, session);
      return { before, after: stateOf() };
    },
    departs: { to: { before: "stashed", after: "stashed" }, why: "what somebody put aside stays aside" },
  },
  {
    of: "promote_reactivates_superseded",
    reference: only("promote_reactivates_superseded", "superseded_active_before", "after", "new_active"),
    async ours(world) {
      const [old = ""] = members;
      const session = await withChain(world, [old]);
      const known = await tell(world, old);
      await tell(world, "Stores sessions in Postgres", known.id);
      const has = (text: string) => active(world).some(({ content }) => content === text);
      const before = has(old);
      await promote(world, session);
      return { superseded_active_before: before, after: has(old), new_active: has("Stores sessions in Postgres") };
    },
    departs: {
      to: { superseded_active_before: false, after: false, new_active: true },
      why: "promotion is monotone: it revives nothing that was corrected",
    },
  },
  {
    of: "promote_dangling_member",
    reference: { dangles: given("promote_dangling_member").ok },
    async ours(world) {
      const session = await withChain(world);
      const [first] = chainOf(world.store.reader, session.sessionId);
      const dangles = await runSql(world, `DELETE FROM memory_nodes WHERE addr = '${first?.addr}'`).then(
        () => true,
        () => false,
      );
      return { dangles };
    },
    departs: { to: { dangles: false }, why: "a member can't lose its content: the database refuses" },
  },
  {
    of: "promote_all",
    reference: { count: given("promote_all").count, second_call: 0 },
    async ours(world) {
      const session = await withChain(world, [members[0] ?? ""]);
      const { promoted: count } = await promote(world, session);
      return { count, second_call: (await promote(world, session)).promoted };
    },
  },
  {
    of: "gc",
    reference: only("gc", "purged"),
    async ours(world) {
      for (const ageDays of [40, 31, 29, 0]) await ended(world, String(ageDays), ageDays);
      return { purged: (await collectGarbage({ store: world.store, clock: world.clock })).purged.length };
    },
  },
  {
    of: "gc_no_dir",
    reference: vectors.gc_no_dir,
    ours: async (world) => (await collectGarbage({ store: world.store, clock: world.clock })).purged.length,
  },
  {
    of: "archive_then_gc_same_day",
    reference: only("archive_then_gc_same_day", "purged"),
    async ours(world) {
      const session = await withChain(world);
      world.clock.jumpWallClock(world.clock.nowMs() + 40 * DAY_MS);
      await world.store.resetSession(session.sessionKey, "reset", world.clock.nowMs());
      return { purged: (await collectGarbage({ store: world.store, clock: world.clock })).purged.length };
    },
    departs: { to: { purged: 0 }, why: "the time to recover it counts from the end, not from the last word" },
  },
  {
    of: "put_same_address_overwrites_meta",
    reference: { created_at: 2 },
    async ours(world) {
      const node = { type: "leaf", content: "x", inputs: [] };
      const addr = nodeAddress(node);
      await world.store.write((tx) => {
        for (const createdAtMs of [1, 2]) insertNode(tx, { ...node, addr, createdAtMs });
      });
      return { created_at: selectNode(world.store.reader, addr)?.createdAtMs };
    },
    departs: { to: { created_at: 1 }, why: "nodes are immutable: the first one stays" },
  },
  {
    of: "get_prefix",
    reference: vectors.get_prefix,
    async ours(world) {
      const { addr } = await tell(world, "Uses Go");
      const at = (prefix: string) => selectPlacementsAt(world.store.reader, prefix, 9)[0] ?? null;
      return { "8chars": at(addr.slice(0, 8))?.addr === addr, unknown: at("0".repeat(8)) };
    },
  },
  {
    of: "supersede",
    reference: only("supersede", "old_active", "old_readable"),
    async ours(world) {
      const old = await tell(world, "Uses Go");
      const beforeMs = world.clock.nowMs();
      await world.clock.advance(1_000);
      const fresh = await tell(world, "Uses Rust", old.id);
      const isReadable = [...memoryAsOf(world.store.reader, ann, beforeMs)].some(({ id }) => id === old.id);
      return {
        old_active: active(world).some(({ id }) => id === old.id),
        old_readable: isReadable && fresh.inputs[0] === old.addr,
      };
    },
  },
  {
    of: "live_extraction",
    reference: { reinforced_without_content: 0 },
    async ours() {
      const lines = [logLine(1, "user", "I said so")];
      const answer = '{"claims": [{"kind": "reinforce", "replaces": "k1"}]}';
      const claims = readClaims(answer, { lines, known: ["Uses Go"] });
      return { reinforced_without_content: claims?.length };
    },
    departs: { to: { reinforced_without_content: 1 }, why: "what points at something known needs no words of its own" },
  },
  {
    of: "stash_pop",
    reference: vectors.stash_pop,
    async ours(world) {
      const own = await tell(world, "Uses Go");
      const shared = await tell(world, "Uses SQLite");
      const nowMs = world.clock.nowMs();
      const aside = (id: number) => world.store.write((tx) => stash(tx, id, nowMs));
      const back = (id: number) => world.store.write((tx) => pop(tx, id, nowMs));
      const isActive = ({ id }: { readonly id: number }) => active(world).some((one) => one.id === id);
      return {
        stash: await aside(own.id),
        again: await aside(own.id),
        shared_member_still_active: isActive(shared),
        own_member_active: isActive(own),
        pop: await back(own.id),
        pop_again: await back(own.id),
        own_member_active_after: isActive(own),
        unknown: await aside(999),
      };
    },
  },
];

/** A session that ended so many days ago. */
async function ended(world: LifecycleWorld, chatId: string, ageDays: number): Promise<void> {
  const session = await world.open(dmSource(chatId));
  await world.say(session, "hello");
  await world.store.resetSession(session.sessionKey, "reset", world.clock.nowMs() - ageDays * DAY_MS);
}
