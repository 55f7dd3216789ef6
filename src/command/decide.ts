import { participantOf } from "../session/source.ts";
import { type Command, type CommandCall, type CommandResult, says } from "./command.ts";

/** `/approve [id]` and `/deny [id]`: answers what the running turn asks; without an id, its latest question. */
export function decideCommand(name: "approve" | "deny"): Command {
  return {
    name,
    usage: "[id]",
    summary: name === "approve" ? "Allow what the agent asks to do." : "Refuse what the agent asks to do.",
    group: "work",
    isControl: true,
    run: (call) => decide(call, name === "approve"),
  };
}

function decide(call: CommandCall, isAllowed: boolean): CommandResult {
  const { approvals } = call.activity;
  const asked =
    call.argument === "" ? approvals.at(-1) : approvals.find(({ id }) => id === call.argument.toLowerCase());
  if (asked === undefined) return says("I am not waiting for such an answer, or not any more.");
  const person = participantOf(call.message.source);
  if (!call.isAdmin && (person === null || !asked.askedOf.includes(person))) {
    return says("Only the person I work for here, or an admin, can decide that.");
  }
  const effect = { kind: "decide", approvalId: asked.id, isAllowed } as const;
  return { ...says(isAllowed ? "Allowed." : "Refused."), effect };
}
