import type { Events } from "../observe/events.ts";
import type { PairingDecision } from "./decide-pairing.ts";

/** What came of an attempt to decide about a person, to be told once it is on disk. */
export interface PairingOutcome {
  readonly wanted: "approved" | "denied" | "revoked";
  readonly decision: PairingDecision;
  /** Who decided: `platform:userId`, or `operator`. */
  readonly by: string;
}

/** Tells the log and the metrics; never a code, which may still be tried. */
export function tellPairing(events: Events, { wanted, decision, by }: PairingOutcome): void {
  switch (decision.kind) {
    case "done": {
      const { platform, userId } = decision.person;
      events.pairingDecided({ person: `${platform}:${userId}`, outcome: wanted, by });
      return;
    }
    case "wrong":
      if (decision.triesLeft > 0) events.pairingWrongCode({ by, triesLeft: decision.triesLeft });
      else events.pairingLocked({ by });
      return;
    // Nothing was tried: what locked it was told of, and an id is no guess.
    case "locked":
    case "unknown":
      return;
  }
}
