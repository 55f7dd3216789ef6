import { toldBucketOf } from "../memory/bucket-of.ts";
import { forgetMemory } from "../memory/forget-memory.ts";
import { refusalText } from "../memory/refusal-text.ts";
import { remember } from "../memory/remember.ts";
import { parseScope, type Scope } from "../session/memory-scope.ts";
import { selectLiveSession } from "../store/sessions.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";
import { isAddress, shortAddress } from "./memory-text.ts";
import { isShownHere, type OwnMemory, ownMemoryAt, ownScopes } from "./own-memory.ts";
import { quoted } from "./session-line.ts";

const USAGE = "[here | ID] TEXT";

/** `/remember TEXT`: keeps something about whoever says it, about this chat, or instead of what was kept. */
export const rememberCommand: Command = {
  name: "remember",
  usage: USAGE,
  summary: "Remember something about you; here: about this chat; ID: instead of an earlier one.",
  group: "place",
  answer: "private",
  run(call) {
    const [, first = "", rest = ""] = /^(\S+)\s*([\s\S]*)$/.exec(call.argument) ?? [];
    if (first === "") return says(`/remember: expected \`${USAGE}\`, such as \`/remember I am allergic to nuts\`.`);
    if (isAddress(first)) return correct(call, first, rest);
    const { user, place, isDirect } = ownScopes(call);
    const isForPlace = /^here:?$/i.test(first);
    if (isForPlace && !isDirect && !call.isAdmin)
      return says("Only admins can have me remember something of this chat.");
    const scope = isForPlace ? place : user;
    if (scope === null) return says("I can't tell who you are here, so there is nobody to remember it of.");
    return keep(call, scope, isForPlace ? rest : call.argument, null);
  },
};

function correct(call: CommandCall, addr: string, content: string): CommandResult {
  const old = ownMemoryAt(call, addr);
  if (old === null) return says("I remember nothing under that address that you could correct.");
  if (content === "") {
    const now = isShownHere(call, old) ? ` It says ${quoted(old.placement.content)}.` : "";
    return says(`Write \`/remember ${addr}\` and after it how it should be.${now}`);
  }
  const { user } = ownScopes(call);
  // What one conversation has learned is corrected for good, of the person who says so.
  const scope = old.section === "chat" ? ownScopes(call).place : user;
  if (scope === null) return says("I can't tell who you are here, so there is nobody to remember it of.");
  return keep(call, scope, content, old);
}

function keep(call: CommandCall, scope: Scope, content: string, old: OwnMemory | null): CommandResult {
  const { tx, receivedAtMs } = call;
  const session = selectLiveSession(tx, call.key);
  // What was put aside holds nowhere that it could be superseded: it goes.
  const isSame = old?.placement.scope === scope && old.placement.state === "active";
  const outcome = remember(
    tx,
    {
      scope,
      content,
      bucket: toldBucketOf(content),
      author: ownScopes(call).user,
      source: session === null ? null : { sessionId: session.session_id, seq: null },
      ...(old !== null && isSame ? { replaces: old.placement.id } : {}),
    },
    receivedAtMs,
  );
  if (outcome.kind === "refused") return says(`Not remembered. ${refusalText(outcome.reason)}`);
  const { placement } = outcome;
  if (old !== null && !isSame && old.placement.id !== placement.id) forgetMemory(tx, old.placement, receivedAtMs);
  const isOfChat = parseScope(scope)?.kind === "chat";
  const verb = old !== null ? "Corrected" : outcome.kind === "reinforced" ? "I know that already" : "Remembered";
  return {
    ...says(`${verb}${isOfChat ? ", for this chat" : ""}: ${quoted(placement.content)}`),
    buttons: [{ label: "Forget", command: `/forget ${shortAddress(placement)}` }],
  };
}
