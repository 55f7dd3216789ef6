import {
  approvePairing,
  type DecidedPerson,
  denyPairing,
  operator,
  type PairingDecision,
  revokePairing,
} from "../access/decide-pairing.ts";
import { refusalText, WELCOME } from "../access/pairing-words.ts";
import { systemClock } from "../clock/clock.ts";
import { writePosts } from "../gateway/posts.ts";
import type { SessionStore } from "../store/store.ts";
import type { Tx } from "../store/writer.ts";
import { CommandFailure } from "./failure.ts";
import type { PairChange } from "./pair-change.ts";

/** Decides about a person while no daemon runs; whoever is let in is told at its next start. Throws in words when it cannot be done. */
export async function decideOffline(store: SessionStore, what: PairChange, who: string): Promise<DecidedPerson> {
  const nowMs = systemClock.nowMs();
  switch (what) {
    case "approve":
      return personOf(await store.write((tx) => approveAndTell(tx, who, nowMs)), nowMs);
    case "deny":
      return personOf(await store.write((tx) => denyPairing(tx, who, operator, nowMs)), nowMs);
    case "revoke": {
      const person = await store.write((tx) => revokePairing(tx, who, operator));
      if (person !== null) return person;
      throw new CommandFailure("nobody with that id was let in by a code. parley pair list shows who was.");
    }
  }
}

function approveAndTell(tx: Tx, who: string, nowMs: number): PairingDecision {
  const decision = approvePairing(tx, who, operator, nowMs);
  if (decision.kind !== "done") return decision;
  const { platform, account, chatId } = decision.person;
  writePosts(tx, () => undefined, {
    place: { platform, account, chatId, threadId: null },
    inboxId: null,
    session: null,
    kind: "message",
    text: WELCOME,
    replyTo: null,
    nowMs,
  });
  return decision;
}

function personOf(decision: PairingDecision, nowMs: number): DecidedPerson {
  if (decision.kind === "done") return decision.person;
  throw new CommandFailure(refusalText(decision, nowMs));
}
