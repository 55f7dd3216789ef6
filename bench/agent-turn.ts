import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
import { openaiAgent } from "../src/agent/openai.ts";
import { modelOptions } from "../test/agent/model-turn.ts";
import { bareGateway } from "../test/support/bare-gateway.ts";
import { memoryAdapter } from "../test/support/memory-adapter.ts";
import type { Benchmark, Finding } from "./benchmark.ts";
import { startPacedModel } from "./paced-model-process.ts";
import { interleave, percentile, ratiosOf, spreadOf } from "./spread.ts";

/** A short answer that is there at once: what is left is the overhead. */
const QUICK = { deltas: 30, everyMs: 0 };
/** A usual one: two seconds of a hundred tokens. */
const STREAMED = { deltas: 100, everyMs: 20 };
const STREAMS = 200;
const NS_PER_MS = 1e6;

type Answering = typeof QUICK;

/** Somebody who can be asked, and says when the answer is whole. */
interface Asked {
  ask(question: number, how: Answering): Promise<void>;
}

/**
 * A turn through the whole gateway, everything durable, beside the AI SDK asking the same model in the same process: the model is a
 * mock in a process of its own. And many answers at once: none may starve.
 */
export const agentTurn: Benchmark = async ({ isQuick, workFolder }, tell) => {
  await using model = await startPacedModel();
  const direct = directly(model.baseUrl);
  await using gateway = await throughGateway(model.baseUrl, mkdtempSync(join(workFolder, "turns-")));
  const rounds = isQuick ? 1 : 7;
  const turns = isQuick ? 30 : 200;

  tell("one turn after the other");
  const p50 = await interleave(rounds, {
    direct: () => p50Of(direct, turns, QUICK),
    gateway: () => p50Of(gateway, turns, QUICK),
  });

  tell(`${STREAMS} answers at once`);
  const many = { direct: [] as Crowd[], gateway: [] as Crowd[] };
  await interleave(isQuick ? 1 : 3, {
    direct: () => crowd(direct, many.direct),
    gateway: () => crowd(gateway, many.gateway),
  });
  const slowest = {
    direct: many.direct.map(({ slowestMs }) => slowestMs),
    gateway: many.gateway.map((one) => one.slowestMs),
  };
  const idealMs = STREAMED.deltas * STREAMED.everyMs;
  const findings: readonly Finding[] = [
    {
      what: "one turn, 50th percentile, beside the AI SDK alone",
      unit: "×",
      measured: ratiosOf(p50.gateway, p50.direct),
      target: { bound: "at most", value: 1.5 },
      note: `${msText(percentile(p50.gateway, 50))} to ${msText(percentile(p50.direct, 50))}; a model that answers ${QUICK.deltas} tokens at once`,
    },
    {
      what: `${STREAMS} answers at once: the slowest beside the AI SDK's slowest`,
      unit: "×",
      measured: ratiosOf(slowest.gateway, slowest.direct),
      target: { bound: "at most", value: 1.5 },
      note: `${msText(percentile(slowest.gateway, 50))} to ${msText(percentile(slowest.direct, 50))}; the model takes ${idealMs} ms`,
    },
    {
      what: `${STREAMS} answers at once: the slowest beside the median`,
      unit: "×",
      measured: spreadOf(many.gateway.map(({ slowestMs, medianMs }) => slowestMs / medianMs)),
      target: { bound: "at most", value: 1.2 },
    },
    {
      what: `${STREAMS} answers at once: delay of the event loop, 99th percentile`,
      unit: "ms",
      measured: spreadOf(many.gateway.map(({ delayMs }) => delayMs)),
      note: `the AI SDK alone ${msText(
        percentile(
          many.direct.map(({ delayMs }) => delayMs),
          50,
        ),
      )}`,
    },
    {
      what: `${STREAMS} answers at once: processor time`,
      unit: "ms",
      measured: spreadOf(many.gateway.map(({ cpuMs }) => cpuMs)),
      note: `the AI SDK alone ${msText(
        percentile(
          many.direct.map(({ cpuMs }) => cpuMs),
          50,
        ),
      )}`,
    },
  ];
  return findings;
};

/** How it went when all were asked at once. */
interface Crowd {
  readonly medianMs: number;
  readonly slowestMs: number;
  /** Of the event loop, 99th percentile. */
  readonly delayMs: number;
  readonly cpuMs: number;
}

async function crowd(asked: Asked, results: Crowd[]): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  const doneMs = await Promise.all(
    Array.from({ length: STREAMS }, async (_, question) => {
      await asked.ask(question, STREAMED);
      return performance.now() - startedMs;
    }),
  );
  delay.disable();
  const used = process.cpuUsage(cpu);
  results.push({
    medianMs: percentile(doneMs, 50),
    slowestMs: Math.max(...doneMs),
    delayMs: delay.percentile(99) / NS_PER_MS,
    cpuMs: (used.user + used.system) / 1_000,
  });
  return Math.max(...doneMs);
}

async function p50Of(asked: Asked, turns: number, how: Answering): Promise<number> {
  const tookMs: number[] = [];
  for (let question = 0; question < turns; question++) {
    const startedMs = performance.now();
    await asked.ask(question, how);
    tookMs.push(performance.now() - startedMs);
  }
  return percentile(tookMs, 50);
}

const nameOf = ({ deltas, everyMs }: Answering) => `${deltas}x${everyMs}`;
const wordsOf = (question: number) => `Question ${question}: how far is it to the moon?`;

function directly(baseURL: string): Asked {
  const provider = createOpenAICompatible({ name: "direct", baseURL, includeUsage: true });
  return {
    async ask(question, how) {
      const { textStream } = streamText({
        model: provider.chatModel(nameOf(how)),
        messages: [{ role: "user", content: wordsOf(question) }],
      });
      let length = 0;
      for await (const delta of textStream) length += delta.length;
      if (length === 0) throw new Error("expected an answer");
    },
  };
}

/** Each question is the first of a conversation of its own. */
async function throughGateway(baseUrl: string, dataDir: string): Promise<Asked & AsyncDisposable> {
  const agentFor = (how: Answering) =>
    openaiAgent(modelOptions(baseUrl, { name: nameOf(how), model: nameOf(how), apiKey: null }));
  const [quick, streamed] = [agentFor(QUICK), agentFor(STREAMED)];
  const waiting = new Map<string, () => void>();
  // Posts grow, as they do on chat platforms; what is whole is posted or edited last.
  const adapter = memoryAdapter({
    async edit({ chatId, isFinal }) {
      if (isFinal) waiting.get(chatId)?.();
    },
  });
  adapter.beforePost = ({ chatId, text }) => {
    if (lengthOf(text) === howIn(chatId).deltas) waiting.get(chatId)?.();
  };
  const bare = await bareGateway({
    dataDir,
    adapter,
    agent: {
      name: "main",
      run(request, signal) {
        const chatId = request.sessionKey.split(":").at(-1) ?? "";
        return (howIn(chatId) === STREAMED ? streamed : quick).run(request, signal);
      },
    },
    limits: { maxConcurrentTurns: STREAMS },
  });
  let chats = 0;
  return {
    async ask(question, how) {
      const chat = `${how === STREAMED ? "streamed" : "quick"}-${++chats}`;
      const answered = new Promise<void>((resolve) => waiting.set(chat, resolve));
      await bare.say(chat, wordsOf(question));
      await answered;
      waiting.delete(chat);
      adapter.posts.length = 0;
    },
    [Symbol.asyncDispose]: () => bare.shutDown(),
  };
}

function howIn(chatId: string): Answering {
  return chatId.startsWith("streamed") ? STREAMED : QUICK;
}

/** How many words a post has: fewer than the whole answer where it grows. */
function lengthOf(text: string): number {
  return text.trim().split(" ").length;
}

function msText(ms: number): string {
  return `${ms.toFixed(ms < 100 ? 2 : 0)} ms`;
}
