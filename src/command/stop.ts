import { putHold } from "../store/holds.ts";
import { type Command, says } from "./command.ts";

/** `/stop`: ends the turn that runs; what waits, behind it or for a turn at all, is kept, and offered. */
export const stopCommand: Command = {
  name: "stop",
  usage: "",
  summary: "Stop the answer that is being worked on.",
  group: "work",
  isControl: true,
  run({ tx, key, receivedAtMs, activity: { runningMs, waiting } }) {
    if (runningMs === null && waiting === 0) return says("Nothing is running here.");
    if (waiting > 0) putHold(tx, key, receivedAtMs);
    const done = runningMs === null ? "Nothing is running yet." : "Stopped.";
    const rest =
      waiting === 0
        ? ""
        : ` ${waiting === 1 ? "One message waits" : `${waiting} messages wait`}: /queue go answers ${waiting === 1 ? "it" : "them"}, /queue clear drops ${waiting === 1 ? "it" : "them"}.`;
    return {
      ...says(`${done}${rest}`),
      effect: { kind: "stop" },
      ...(waiting === 0
        ? {}
        : {
            buttons: [
              { label: "Answer", command: "/queue go" },
              { label: "Drop", command: "/queue clear", style: "danger" },
            ],
          }),
    };
  },
};
