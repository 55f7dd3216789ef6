/**
 * A small agent of the Agent Client Protocol. Its first argument is a folder for what it keeps and notes; the others are
 * what it can do (`load`, `resume`, `image`, `close`, `login`, `old`, `mute`). What it does is in the prompt: see `behaviours`.
 */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import {
  type AgentContext,
  agent,
  type ContentBlock,
  methods,
  ndJsonStream,
  type PromptResponse,
  RequestError,
  type SessionUpdate,
} from "@agentclientprotocol/sdk";

const [, , folder = ".", ...abilities] = process.argv;
const can = (ability: string) => abilities.includes(ability);
const note = (what: string, value: unknown = null) =>
  appendFileSync(join(folder, "notes.jsonl"), `${JSON.stringify({ what, value })}\n`);
const sessionFile = (id: string) => join(folder, `session-${id}.json`);
const cancelled = new Map<string, () => void>();
const open = new Set<string>();

interface Told {
  readonly client: AgentContext;
  readonly sessionId: string;
  readonly text: string;
  readonly prompt: readonly ContentBlock[];
}

const update = (told: Pick<Told, "client" | "sessionId">, one: SessionUpdate) =>
  told.client.notify(methods.client.session.update, { sessionId: told.sessionId, update: one });
const say = (told: Pick<Told, "client" | "sessionId">, text: string, messageId?: string) =>
  update(told, {
    sessionUpdate: "agent_message_chunk",
    content: { type: "text", text },
    ...(messageId === undefined ? {} : { messageId }),
  });
const untilCancelled = (sessionId: string) =>
  new Promise<void>((resolve) => {
    cancelled.set(sessionId, resolve);
  });

const ended = (stopReason: PromptResponse["stopReason"]): PromptResponse => ({ stopReason });

/** What the last line of a prompt may ask for; anything else is answered with how many prompts the session has had. */
const behaviours: Record<string, (told: Told) => Promise<PromptResponse>> = {
  async everything(told) {
    await update(told, { sessionUpdate: "plan", entries: [] });
    await update(told, { sessionUpdate: "agent_thought_chunk", content: { type: "text", text: "hm" } });
    await say(told, "Let me");
    await say(told, " look.");
    await update(told, { sessionUpdate: "tool_call", toolCallId: "1", title: "Read\nplan.md", kind: "read" });
    await update(told, { sessionUpdate: "tool_call_update", toolCallId: "1", status: "in_progress" });
    await update(told, { sessionUpdate: "tool_call_update", toolCallId: "1", status: "completed" });
    await told.client.notify("session/update", { sessionId: told.sessionId, update: { sessionUpdate: "of_2030" } });
    await update(told, {
      sessionUpdate: "agent_message_chunk",
      content: { type: "image", data: Buffer.from("pixels").toString("base64"), mimeType: "image/png" },
    });
    await say(told, "Found it.");
    return ended("end_turn");
  },
  async messages(told) {
    await say(told, "One.", "a");
    await say(told, "Two.", "b");
    return ended("max_tokens");
  },
  async usage(told) {
    const cost = (amount: number, currency = "USD") =>
      update(told, { sessionUpdate: "usage_update", used: 53, size: 200, cost: { amount, currency } });
    const count = promptsOf(told.sessionId);
    await cost(99, "credits");
    await cost(count / 4);
    await cost(count / 2);
    const tokens = { inputTokens: 10, outputTokens: 5, thoughtTokens: 2, cachedReadTokens: 3, totalTokens: 20 };
    // Not in the types of the stable protocol yet.
    const response = { ...ended("end_turn"), usage: tokens };
    return response;
  },
  async cost(told) {
    await update(told, { sessionUpdate: "usage_update", used: 53, size: 200, cost: { amount: 0.25, currency: "USD" } });
    return ended("end_turn");
  },
  /** As an agent of a later protocol might end. */
  async tired(told) {
    await say(told, "I would rather stop.");
    return JSON.parse('{"stopReason":"tired\\u001b[2J"}');
  },
  async nothing(told) {
    await say(told, "That is all.");
    return JSON.parse("null");
  },
  refuse: async () => ended("refusal"),
  async wrong() {
    throw RequestError.internalError({ details: "the model is\u001b[2J away" });
  },
  async hang(told) {
    await say(told, "thinking");
    await untilCancelled(told.sessionId);
    await say(told, " …");
    return ended("cancelled");
  },
  async stubborn(told) {
    await say(told, "never");
    await new Promise(() => {});
    return ended("end_turn");
  },
  async crash(told) {
    await say(told, "so far");
    process.stderr.write("out of luck\n");
    setTimeout(() => process.exit(7), 20);
    await new Promise(() => {});
    return ended("end_turn");
  },
  async flood(told) {
    const text = "x".repeat(64 * 1024);
    let isOver = false;
    void untilCancelled(told.sessionId).then(() => {
      isOver = true;
    });
    while (!isOver) await say(told, text);
    return ended("cancelled");
  },
  async sleeper(told) {
    const { pid } = spawn("sleep", ["600"], { stdio: "inherit" });
    await say(told, `${process.pid} ${pid}`);
    return ended("end_turn");
  },
  async permission(told) {
    const toolCallId = "p";
    await update(told, { sessionUpdate: "tool_call", toolCallId, title: "Remove old files", kind: "execute" });
    const { outcome } = await told.client.request(methods.client.session.requestPermission, {
      sessionId: told.sessionId,
      toolCall: { toolCallId, rawInput: { command: "rm -r old" } },
      options: [
        { optionId: "always", name: "Always", kind: "allow_always" },
        { optionId: "yes", name: "Yes", kind: "allow_once" },
        { optionId: "no", name: "No", kind: "reject_once" },
      ],
    });
    note("outcome", outcome);
    await say(told, outcome.outcome === "selected" ? `you said ${outcome.optionId}` : "you said nothing");
    return ended(outcome.outcome === "selected" ? "end_turn" : "cancelled");
  },
};

const promptsOf = (id: string): number =>
  existsSync(sessionFile(id)) ? (JSON.parse(readFileSync(sessionFile(id), "utf8")) as number) : 0;

function takeUp(sessionId: string): void {
  note("taken up", sessionId);
  if (!existsSync(sessionFile(sessionId))) throw RequestError.sessionNotFound(sessionId);
  open.add(sessionId);
}

note("started", process.pid);
if (can("mute")) process.exit(3);
agent({ name: "fake" })
  .onRequest(methods.agent.initialize, ({ params }) => {
    note("initialize", params);
    return {
      protocolVersion: can("old") ? 0 : 1,
      agentCapabilities: {
        loadSession: can("load"),
        promptCapabilities: { image: can("image") },
        sessionCapabilities: { ...(can("resume") ? { resume: {} } : {}), ...(can("close") ? { close: {} } : {}) },
      },
      authMethods: [{ id: "key", name: "Log in with a key" }],
    };
  })
  .onRequest(methods.agent.session.new, ({ params }) => {
    note("new", params);
    if (can("login")) throw RequestError.authRequired();
    const sessionId = `s${readFileSync(join(folder, "notes.jsonl"), "utf8").split('"new"').length - 1}`;
    open.add(sessionId);
    return { sessionId };
  })
  .onRequest(methods.agent.session.load, async ({ params, client }) => {
    takeUp(params.sessionId);
    await say({ client, sessionId: params.sessionId }, "an old answer, replayed");
    return {};
  })
  .onRequest(methods.agent.session.resume, ({ params }) => {
    takeUp(params.sessionId);
    return {};
  })
  .onRequest(methods.agent.session.close, ({ params }) => {
    note("close", params.sessionId);
    open.delete(params.sessionId);
    return {};
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const { sessionId, prompt } = params;
    note("prompt", { sessionId, prompt });
    if (!open.has(sessionId)) throw RequestError.sessionNotFound(sessionId);
    const count = promptsOf(sessionId) + 1;
    writeFileSync(sessionFile(sessionId), JSON.stringify(count));
    const text = prompt[0]?.type === "text" ? prompt[0].text : "";
    const told = { client, sessionId, text, prompt };
    if (text.endsWith("forget")) open.delete(sessionId);
    const behave = behaviours[text.split("\n").at(-1) ?? ""];
    if (behave !== undefined) return await behave(told);
    await say(told, `${sessionId}: ${count}`);
    return ended("end_turn");
  })
  .onNotification(methods.agent.session.cancel, ({ params }) => {
    note("cancel", params.sessionId);
    cancelled.get(params.sessionId)?.();
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));
