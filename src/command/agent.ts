import { nearest } from "../message/nearest.ts";
import { selectLiveSession, updateChoices } from "../store/sessions.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";
import { choosersText, mayChoose } from "./may-give.ts";
import { quoted, shownLine } from "./session-line.ts";

/** Buttons of one answer: what fits a screen; the others can be named. */
const MAX_BUTTONS = 8;
/** Longest command behind a button, in bytes. */
const MAX_COMMAND_BYTES = 64;
/** Longest description of an agent, in characters. */
const MAX_ABOUT = 80;

/** `/agent [name | default]`: shows or chooses who answers in this conversation. */
export const agentCommand: Command = {
  name: "agent",
  usage: "[name | default]",
  summary: "Show who answers in this conversation, or choose another agent.",
  group: "work",
  access: "chooser",
  run(call) {
    if (call.argument === "") return standing(call);
    if (!mayChoose(call)) return says(`${choosersText(call.choices)} /agent alone shows who answers.`);
    return choose(call, call.argument.toLowerCase());
  },
};

function standing(call: CommandCall): CommandResult {
  const chosen = selectLiveSession(call.tx, call.key)?.answered_by ?? null;
  const current = chosen ?? call.agentId;
  const lines = call.agents.map(
    ({ name, about }) =>
      `- ${shownLine(name, MAX_ABOUT)}: ${shownLine(about, MAX_ABOUT)}${name === current ? " (now)" : ""}`,
  );
  const head = `${shownLine(current, MAX_ABOUT)} answers here${chosen === null ? "" : " (chosen here)"}.`;
  if (!mayChoose(call)) return says([head, ...lines].join("\n"));
  const others = call.agents.filter(({ name }) => name !== current).map(({ name }) => name);
  const names = chosen === null ? others : ["default", ...others];
  return {
    ...says([head, ...lines, "/agent and a name chooses another one for this conversation."].join("\n")),
    buttons: names
      .map((name) => ({ label: name, command: `/agent ${name}` }))
      .filter(({ command }) => Buffer.byteLength(command) <= MAX_COMMAND_BYTES)
      .slice(0, MAX_BUTTONS),
  };
}

function choose(call: CommandCall, wanted: string): CommandResult {
  const session = selectLiveSession(call.tx, call.key);
  if (session === null) return says("No conversation is open yet: write something first.");
  const names = call.agents.map(({ name }) => name);
  const isDefault = wanted === "default" && !names.includes("default");
  const found = names.find((name) => name.toLowerCase() === wanted);
  if (!isDefault && found === undefined) {
    const likely = nearest(wanted, names);
    const hint = likely === null ? "/agent lists them." : `Did you mean ${shownLine(likely, MAX_ABOUT)}?`;
    return says(`There is no agent ${quoted(wanted)}. ${hint}`);
  }
  const answeredBy = found ?? null;
  const isSame = answeredBy === session.answered_by;
  // One agent's model is nothing to another.
  const model = isSame ? session.model : null;
  updateChoices(call.tx, { row: session.id, answeredBy, model, queueMode: session.queue_mode });
  const dropped =
    session.model !== null && model === null ? " The chosen model was that of the other one: it is dropped." : "";
  const name = shownLine(answeredBy ?? call.agentId, MAX_ABOUT);
  return says(`${name} answers from now on in this conversation.${dropped}`);
}
