import {
  approvePairing,
  type Decider,
  denyPairing,
  type PairingDecision,
  revokePairing,
} from "../access/decide-pairing.ts";
import { decisionButtons, listPairings } from "../access/pairing.ts";
import type { PairingOutcome } from "../access/pairing-outcome.ts";
import { personText, refusalText, WELCOME } from "../access/pairing-words.ts";
import { participantOf } from "../session/source.ts";
import type { PairingRow } from "../store/pairings.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";
import { timeText } from "./time-text.ts";

/** People who were let in that one answer lists: a phone's screen. */
const LISTED_PEOPLE = 20;
/** Platforms of whoever runs the daemon: there nobody needs to be let in, and all others are decided about. */
const OPERATORS = ["local", "web"];
const USAGE = "list | approve CODE | deny CODE | revoke platform:id";

/** `/pair`: who may talk to the bot. An admin decides about people of the platform they write on. */
export const pairCommand: Command = {
  name: "pair",
  usage: USAGE,
  summary: "Show who asked to be let in, and decide about them.",
  group: "place",
  answer: "private",
  access: "admin",
  run(call) {
    const [action = "", ...words] = call.argument.split(/\s+/);
    const who = words.join(" ");
    if (action === "" || action.toLowerCase() === "list") return list(call);
    if (who === "") return says(`/pair: expected \`${USAGE}\`.`);
    switch (action.toLowerCase()) {
      case "approve":
        return approve(call, who);
      case "deny":
        return deny(call, who);
      case "revoke":
        return revoke(call, who);
      default:
        return says(`/pair: expected \`${USAGE}\`.`);
    }
  },
};

function approve(call: CommandCall, who: string): CommandResult {
  const decision = approvePairing(call.tx, who, deciderOf(call), call.receivedAtMs);
  if (decision.kind !== "done") return decided(call, "approved", decision, refusalText(decision, call.receivedAtMs));
  const { platform, account, chatId } = decision.person;
  return {
    ...decided(call, "approved", decision, `${personText(decision.person)} may talk to me now.`),
    notify: [{ place: { platform, account, chatId, threadId: null }, text: WELCOME }],
  };
}

function deny(call: CommandCall, who: string): CommandResult {
  const decision = denyPairing(call.tx, who, deciderOf(call), call.receivedAtMs);
  const isDone = decision.kind === "done";
  const reply = isDone ? `${personText(decision.person)} stays out.` : refusalText(decision, call.receivedAtMs);
  return decided(call, "denied", decision, reply);
}

function revoke(call: CommandCall, who: string): CommandResult {
  const person = revokePairing(call.tx, who, deciderOf(call));
  if (person === null) return says("Nobody with that id was let in by a code. /pair list shows who was.");
  return decided(call, "revoked", { kind: "done", person }, `${personText(person)} is a stranger again.`);
}

function decided(
  call: CommandCall,
  wanted: PairingOutcome["wanted"],
  decision: PairingDecision,
  reply: string,
): CommandResult {
  const outcome = { wanted, decision, by: deciderOf(call).by };
  return { ...says(reply), effect: { kind: "paired", outcome } };
}

function list(call: CommandCall): CommandResult {
  const { decidesFor } = deciderOf(call);
  const { pending, approved } = listPairings(call.tx, call.receivedAtMs);
  const waiting = pending.filter(({ platform }) => decidesFor(platform));
  const connected = approved.filter(({ platform }) => decidesFor(platform));
  const more = connected.length - LISTED_PEOPLE;
  const lines = [
    waiting.length === 0 ? "Nobody waits to be let in." : "Waiting to be let in:",
    ...waiting.map((row) => `- ${nameOf(row)}, until ${time(call, row.expires_at_ms)}`),
    connected.length === 0 ? "Nobody was let in by a code." : "Let in by a code:",
    ...connected.slice(0, LISTED_PEOPLE).map((row) => `- ${nameOf(row)}, ${time(call, row.decided_at_ms)}`),
    ...(more > 0 ? [`- and ${more} more: \`parley pair list\` shows all.`] : []),
  ];
  const buttons = waiting.flatMap(({ platform, user_id: userId }) => decisionButtons({ platform, userId }));
  return { ...says(lines.join("\n")), buttons };
}

function nameOf({ platform, user_id: userId, user_name: userName }: PairingRow): string {
  return personText({ platform, userId, userName });
}

function time(call: CommandCall, atMs: number | null): string {
  return atMs === null ? "" : timeText(atMs, call.timeZone);
}

function deciderOf({ message: { source } }: CommandCall): Decider {
  const { platform } = source;
  return {
    by: `${platform}:${participantOf(source) ?? ""}`,
    decidesFor: (other) => other === platform || OPERATORS.includes(platform),
  };
}
