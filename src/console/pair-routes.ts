import { Hono } from "hono";
import { z } from "zod";
import {
  approvePairing,
  type DecidedPerson,
  denyPairing,
  operator,
  type PairingDecision,
  revokePairing,
} from "../access/decide-pairing.ts";
import { listPairings } from "../access/pairing.ts";
import type { PairingOutcome } from "../access/pairing-outcome.ts";
import { refusalText, WELCOME } from "../access/pairing-words.ts";
import type { Clock } from "../clock/clock.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { isPlatformName } from "../session/source.ts";
import { idText } from "./message-body.ts";
import { pairingsJson } from "./pairings-json.ts";
import { readBody } from "./read-request.ts";
import { RequestError } from "./request-error.ts";

const platform = z.string().refine(isPlatformName, { error: "expected the name of a platform, such as telegram" });
const personBody = z.strictObject({ platform, userId: idText });
const codeBody = z.strictObject({ code: z.string({ error: "expected the code" }).max(64) });
const decisionBody = z.union([codeBody, personBody], { error: "expected { code }, or { platform, userId }" });

/** `/api/pairings`: who asked to be let in, who was, and deciding about them. */
export function pairRoutes(gateway: Pick<Gateway, "store" | "send" | "pairingDecided">, clock: Clock): Hono {
  const { store } = gateway;
  const routes = new Hono();
  /** Whom a decision was about; throws when it could not be made. */
  const decided = (wanted: PairingOutcome["wanted"], decision: PairingDecision, nowMs: number): DecidedPerson => {
    gateway.pairingDecided({ wanted, decision, by: operator.by });
    return personOf(decision, nowMs);
  };

  routes.get("/api/pairings", (c) => c.json(pairingsJson(listPairings(store.reader, clock.nowMs()))));
  routes.post("/api/pairings/approve", async (c) => {
    const who = namedIn(await readBody(c, decisionBody));
    const nowMs = clock.nowMs();
    const person = decided("approved", await store.write((tx) => approvePairing(tx, who, operator, nowMs)), nowMs);
    const { account, chatId } = person;
    await gateway.send({ platform: person.platform, account, chatId, threadId: null }, WELCOME);
    return c.json(person);
  });
  routes.post("/api/pairings/deny", async (c) => {
    const who = namedIn(await readBody(c, decisionBody));
    const nowMs = clock.nowMs();
    return c.json(decided("denied", await store.write((tx) => denyPairing(tx, who, operator, nowMs)), nowMs));
  });
  routes.post("/api/pairings/revoke", async (c) => {
    const who = namedIn(await readBody(c, personBody));
    const person = await store.write((tx) => revokePairing(tx, who, operator));
    if (person === null) throw new RequestError(404, "not_found", "Nobody with that id was let in by a code.");
    return c.json(decided("revoked", { kind: "done", person }, clock.nowMs()));
  });
  return routes;
}

/** A code or an id in the one form that decisions take. */
function namedIn(body: z.output<typeof decisionBody>): string {
  return "code" in body ? body.code : `${body.platform}:${body.userId}`;
}

function personOf(decision: PairingDecision, nowMs: number): DecidedPerson {
  switch (decision.kind) {
    case "done":
      return decision.person;
    case "wrong":
      throw new RequestError(404, "wrong_code", refusalText(decision, nowMs));
    case "locked": {
      const seconds = Math.ceil((decision.untilMs - nowMs) / 1_000);
      throw new RequestError(429, "locked", refusalText(decision, nowMs), seconds);
    }
    case "unknown":
      throw new RequestError(404, "not_found", refusalText(decision, nowMs));
  }
}
