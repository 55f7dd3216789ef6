/** A daemon in small: starts one turn of the `command` agent and waits to be killed. Arguments: state folder, program, its arguments. */
import { commandAgent } from "../../../src/agent/command-agent.ts";
import { systemClock } from "../../../src/clock/clock.ts";
import { eventsOf } from "../../agent/program-turn.ts";

const [, , stateDir = "", command = "", ...args] = process.argv;
await eventsOf(
  commandAgent({
    name: "owner",
    command,
    args,
    cwd: null,
    env: {},
    shell: false,
    output: "text",
    historyMessages: 0,
    mediaDir: stateDir,
    stateDir,
    clock: systemClock,
    report: () => {},
  }),
);
