import { endHold } from "../store/holds.ts";
import { dropWaiting } from "../store/open-inbox.ts";
import { selectLiveSession, updateChoices } from "../store/sessions.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";

const MODES: Readonly<Record<string, string>> = {
  collect: "what arrives while I answer becomes one next turn",
  followup: "each message is answered by itself, in order",
  steer: "what arrives while I answer is told to me at once, where my agent can take it",
  interrupt: "a new message ends the answer that is being worked on",
};

/** `/queue [mode | go | clear]`: what messages do that arrive while an answer is being worked on. */
export const queueCommand: Command = {
  name: "queue",
  usage: "[collect | followup | steer | interrupt | default | go | clear]",
  summary: "Show or choose what messages do that arrive during an answer; go and clear are for what waits.",
  group: "work",
  isControl: true,
  run(call) {
    const word = call.argument.toLowerCase();
    switch (word) {
      case "":
        return says(standing(call));
      case "go":
        endHold(call.tx, call.key);
        return { ...says(waitingText(call, "They are answered now.")), effect: { kind: "release" } };
      case "clear":
        return clear(call);
      default:
        return choose(call, word);
    }
  },
};

function standing(call: CommandCall): string {
  const chosen = selectLiveSession(call.tx, call.key)?.queue_mode ?? null;
  const mode = chosen ?? call.queueMode;
  const others = Object.keys(MODES).filter((name) => name !== mode);
  return [
    `Queue: ${mode}${chosen === null ? "" : " (chosen here)"}, ${MODES[mode] ?? ""}. ${waitingText(call, "")}`.trim(),
    `/queue and one of ${others.join(", ")} changes it for this conversation.`,
  ].join("\n");
}

function waitingText({ activity: { waiting } }: CommandCall, then: string): string {
  if (waiting === 0) return "Nothing waits.";
  return `${waiting === 1 ? "One message waits." : `${waiting} messages wait.`} ${then}`.trim();
}

function clear(call: CommandCall): CommandResult {
  const dropped = dropWaiting(call.tx, call.key, call.message.messageId, call.receivedAtMs);
  endHold(call.tx, call.key);
  const text = dropped === 0 ? "Nothing waits." : `Dropped ${dropped === 1 ? "one message" : `${dropped} messages`}.`;
  // The rows are done: let go, they are passed over.
  return { ...says(text), effect: { kind: "release" } };
}

function choose(call: CommandCall, mode: string): CommandResult {
  const isDefault = mode === "default";
  if (!isDefault && MODES[mode] === undefined) {
    return says(
      `There is no queue mode ${JSON.stringify(mode.slice(0, 40))}. There are ${Object.keys(MODES).join(", ")}.`,
    );
  }
  const session = selectLiveSession(call.tx, call.key);
  if (session === null) return says("No conversation is open yet: write something first.");
  const { id: row, answered_by: answeredBy, model } = session;
  updateChoices(call.tx, { row, answeredBy, model, queueMode: isDefault ? null : mode });
  const inForce = isDefault ? call.queueMode : mode;
  return says(`Queue: ${inForce}, ${MODES[inForce] ?? ""}. It holds for this conversation.`);
}
