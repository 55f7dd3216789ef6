import { methods, type RequestPermissionRequest, type RequestPermissionResponse } from "@agentclientprotocol/sdk";
import { z } from "zod";
import { type Clock, sleep } from "../clock/clock.ts";
import { visibleText } from "../observe/visible-text.ts";
import { cutText } from "../session/untrusted-text.ts";
import { acpAnswer } from "./acp-answer.ts";
import { acpFailure, isUnknownSession, processEnded } from "./acp-failure.ts";
import type { AcpPeer } from "./acp-peer.ts";
import { permissionOutcome, permissionQuestion } from "./acp-permission.ts";
import { acpPrompt } from "./acp-prompt.ts";
import type { AcpSession } from "./acp-session.ts";
import { contextMark } from "./acp-sessions.ts";
import type { AcpUpdate } from "./acp-update.ts";
import { noteCost, takeUsage } from "./acp-usage.ts";
import type { AgentEvent, TurnRequest } from "./backend.ts";
import { eventQueue, MAX_TEXT_LENGTH } from "./event-queue.ts";
import { contextOf } from "./program-context.ts";
import { failed } from "./program-failure.ts";

/** A prompt that runs: what the agent says on its own in the meantime belongs to it. */
export interface RunningPrompt {
  update(update: AcpUpdate): void;
  askPermission(request: RequestPermissionRequest): Promise<RequestPermissionResponse>;
}

/** What a prompt needs of the agent around it. */
export interface AcpTurnRules {
  readonly peer: AcpPeer;
  readonly session: AcpSession;
  /** Where updates find their prompt, by the agent's session. */
  readonly prompts: Map<string, RunningPrompt>;
  /** Whether an unknown session is told to the caller, who begins another, and not to people. */
  readonly mayBeUnknown: boolean;
  readonly historyMessages: number;
  readonly mediaDir: string;
  readonly clock: Clock;
  /** The agent has answered, and knows this context. */
  readonly answered: (contextMark: string) => void;
}

/** Longest part of an answer without a known reason that goes into the log, in UTF-16 units. */
const MAX_SHOWN_ANSWER = 200;
/** How long an agent may take to let go after `session/cancel` before the turn ends without it. */
const CANCEL_GRACE_MS = 600;
/** How long after that it may take before its session is given up. */
const LET_GO_MS = 5_000;

/** Sends one prompt and passes on what comes of it. Returns `unknown_session` when the agent does not know the session and has said nothing. */
export async function* acpTurn(
  rules: AcpTurnRules,
  request: TurnRequest,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, "over" | "unknown_session"> {
  const { peer, session, prompts, clock } = rules;
  const context = request.prompt();
  const mark = contextMark(context);
  const isNew = session.contextMark === null;
  const { earlier, remembered, lines } = await contextOf(request, isNew ? rules.historyMessages : 0);
  const prompt = await acpPrompt(request, {
    context: session.contextMark === mark ? null : context,
    known: [earlier, remembered],
    history: lines,
    capabilities: peer.capabilities.promptCapabilities ?? {},
    mediaDir: rules.mediaDir,
  });
  if (signal.aborted) return "over"; // from here on every abort is told to the agent

  const events = eventQueue();
  const answer = acpAnswer();
  const over = new AbortController();
  const cancel = () => {
    if (over.signal.aborted) return;
    over.abort();
    // An agent that has hung up needs no telling.
    peer.agent.notify(methods.agent.session.cancel, { sessionId: session.id }).catch(() => {});
  };
  const stop = () => {
    cancel();
    void sleep(clock, CANCEL_GRACE_MS).then(() => events.push(failed("stopped", "the agent did not let go in time")));
  };
  prompts.set(session.id, {
    update(update) {
      if (update.sessionUpdate === "usage_update") {
        noteCost(session.cost, update);
        return;
      }
      for (const event of answer.eventsOf(update)) {
        if (events.push(event)) continue;
        events.push(failed("error", `the agent wrote more than ${MAX_TEXT_LENGTH} characters, and was stopped`));
        cancel();
      }
    },
    askPermission: (asked) => askedPermission(asked, answer.titleOf(asked.toolCall.toolCallId), request, over.signal),
  });
  signal.addEventListener("abort", stop);
  let isUnknown = false;
  let hasReplied = false;
  const reply = peer.agent.request(methods.agent.session.prompt, { sessionId: session.id, prompt }).then(
    (response) => {
      hasReplied = true;
      session.contextMark = mark;
      rules.answered(mark);
      const usage = takeUsage(session.cost, response);
      if (usage !== null) events.push({ kind: "usage", usage });
      events.push(endOf(response));
    },
    (error: unknown) => {
      hasReplied = true;
      isUnknown = rules.mayBeUnknown && isUnknownSession(error);
      // One that hung up is told of with how it ended.
      if (!peer.hungUp.aborted) events.push(acpFailure(methods.agent.session.prompt, error, peer.authMethods));
    },
  );
  const tellOfEnd = () => void peer.gone.then((how) => events.push(processEnded(how)));
  peer.hungUp.addEventListener("abort", tellOfEnd);
  if (peer.hungUp.aborted) tellOfEnd();
  let hasSaidAnything = false;
  try {
    for await (const event of events.read()) {
      if (isUnknown && !hasSaidAnything && event.kind === "failed") return "unknown_session";
      hasSaidAnything = true;
      yield event;
    }
    return "over";
  } finally {
    signal.removeEventListener("abort", stop);
    peer.hungUp.removeEventListener("abort", tellOfEnd);
    prompts.delete(session.id);
    if (!hasReplied) {
      cancel();
      session.settled = Promise.race([reply.then(() => true), sleep(clock, LET_GO_MS).then(() => false)]);
    }
    over.abort();
  }
}

async function askedPermission(
  asked: RequestPermissionRequest,
  knownTitle: string | null,
  request: TurnRequest,
  over: AbortSignal,
): Promise<RequestPermissionResponse> {
  if (over.aborted) return { outcome: { outcome: "cancelled" } };
  const cancelled = new Promise<null>((resolve) => over.addEventListener("abort", () => resolve(null), { once: true }));
  const isAllowed = await Promise.race([request.askApproval(permissionQuestion(asked, knownTitle)), cancelled]);
  return { outcome: isAllowed === null ? { outcome: "cancelled" } : permissionOutcome(asked.options, isAllowed) };
}

/** Why prompts end, as far as the protocol has told by now. */
const ending = z.object({
  stopReason: z.enum(["end_turn", "max_tokens", "max_turn_requests", "refusal", "cancelled"]),
});

/** What a program answers is of the SDK's type only while it keeps the protocol: the SDK passes on whatever came. */
function endOf(response: unknown): AgentEvent {
  const read = ending.safeParse(response);
  if (!read.success) {
    const came = cutText(visibleText(JSON.stringify(response) ?? "nothing"), MAX_SHOWN_ANSWER);
    return failed("error", `the agent ended its turn for no reason that is known: ${came}`);
  }
  switch (read.data.stopReason) {
    case "end_turn":
    case "max_tokens":
    case "max_turn_requests":
      return { kind: "done" };
    case "refusal":
      return failed("refused", "the agent refused to go on");
    case "cancelled":
      return failed("stopped", "the agent stopped");
  }
}
