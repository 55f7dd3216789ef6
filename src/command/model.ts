import { cleanText } from "../session/untrusted-text.ts";
import { selectLiveSession, updateChoices } from "../store/sessions.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";
import { choosersText, mayChoose } from "./may-give.ts";
import { shownLine } from "./session-line.ts";

/** Longest name of a model, in characters; the longest of the big catalogues has about 80. */
const MAX_NAME = 100;
const MAX_ABOUT = 80;

/** `/model [name | default]`: shows or chooses the model of this conversation's agent. */
export const modelCommand: Command = {
  name: "model",
  usage: "[name | default]",
  summary: "Show the model that answers in this conversation, or choose another one.",
  group: "work",
  access: "chooser",
  run(call) {
    if (call.argument === "") return standing(call);
    if (!mayChoose(call)) return says(`${choosersText(call.choices)} /model alone shows which one it is.`);
    return choose(call);
  },
};

function standing(call: CommandCall): CommandResult {
  const session = selectLiveSession(call.tx, call.key);
  const agent = session?.answered_by ?? call.agentId;
  const about = call.agents.find(({ name }) => name === agent)?.about ?? "";
  const own = `The model is the own one of ${shownLine(agent, MAX_ABOUT)}${about === "" ? "" : ` (${shownLine(about, MAX_ABOUT)})`}.`;
  const chosen = session?.model ?? null;
  const head = chosen === null ? own : `The model is ${shownLine(chosen, MAX_NAME)} (chosen here).`;
  if (!mayChoose(call)) return says(head);
  return {
    ...says(`${head}\n/model and a name chooses another one for this conversation.`),
    ...(chosen === null ? {} : { buttons: [{ label: "default", command: "/model default" }] }),
  };
}

function choose(call: CommandCall): CommandResult {
  const session = selectLiveSession(call.tx, call.key);
  if (session === null) return says("No conversation is open yet: write something first.");
  const name = cleanText(call.argument);
  if (name === "" || [...name].length > MAX_NAME)
    return says(`/model: expected a name of at most ${MAX_NAME} characters.`);
  const model = name.toLowerCase() === "default" ? null : name;
  const { id: row, answered_by: answeredBy, queue_mode: queueMode } = session;
  updateChoices(call.tx, { row, answeredBy, model, queueMode });
  return says(
    model === null
      ? "The agent's own model answers from now on in this conversation."
      : `The model is ${shownLine(model, MAX_NAME)} from now on in this conversation. If the agent does not know it, it says so.`,
  );
}
