import { type CliCall, type CliCommand, configOptions, type ExitCode } from "./cli-command.ts";
import { loadConfiguration, openCommandLog } from "./configuration.ts";

/** `parley chat`: a conversation in the terminal. */
export const chatCommand: CliCommand = {
  name: "chat",
  operands: [],
  summary: "Talk to the agent in this terminal: with the running daemon, or by itself when none runs.",
  notes: [
    "Each line is a message; /help lists the commands of the conversation. Ctrl-C stops waiting, Ctrl-D leaves.",
    "With piped input it prints the answers alone, in order, and ends after the last one.",
  ],
  options: [{ name: "chat", value: "NAME", summary: 'Which conversation. Default "terminal".' }, ...configOptions],
  run,
};

async function run(call: CliCall): Promise<ExitCode> {
  const { config } = await loadConfiguration(call);
  const log = await openCommandLog(call, config, "stderr");
  const { openDoor } = await import("./open-door.ts");
  await using door = await openDoor(call, config, log);
  if (!call.terminal.isInteractive) {
    const { pipeChat } = await import("./pipe-chat.ts");
    return await pipeChat(call.terminal, door);
  }
  const { terminalChat } = await import("./terminal-chat.ts");
  return await terminalChat(call.terminal, door, config.dataDir);
}
