import type { QueueMode } from "../../src/gateway/session-queue.ts";
import type { OutboundMessage, PostEdit } from "../../src/message/message.ts";
import { type BareGateway, bareGateway } from "./bare-gateway.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { type MemoryAdapter, memoryAdapter } from "./memory-adapter.ts";
import { type ScriptedAgent, scriptedAgent } from "./scripted-agent.ts";
import { until } from "./until.ts";

const START_MS = Date.UTC(2026, 0, 1);

/** A turn that is to be stopped, and everything around it. */
export interface Scene {
  readonly bare: BareGateway;
  readonly agent: ScriptedAgent;
  readonly clock: FakeClock;
  readonly shown: () => readonly string[];
}

/** Says something in `c` whose turn then runs. */
export async function begin({ bare, agent }: Scene): Promise<void> {
  await bare.say("c", "tell me");
  await until("the agent works", () => agent.running.length === 1);
}

/** Opens an empty scene. */
export async function openScene(
  stage: { readonly obeysStop?: false; readonly maxConcurrentTurns?: number },
  mode: QueueMode,
): Promise<Scene & AsyncDisposable> {
  const clock = fakeClock(START_MS);
  const agent = scriptedAgent(stage);
  const { adapter, shown } = editable();
  const bare = await bareGateway({
    agent,
    adapter,
    clock,
    queue: { mode },
    limits: { maxConcurrentTurns: stage.maxConcurrentTurns ?? 16 },
  });
  return {
    bare,
    agent,
    clock,
    shown,
    async [Symbol.asyncDispose]() {
      await bare[Symbol.asyncDispose]();
    },
  };
}

/** A platform whose posts grow, and whose files never come; `shown` is what people see in `c` now. */
function editable(): { readonly adapter: MemoryAdapter; readonly shown: () => readonly string[] } {
  const texts = new Map<string, string>();
  const postId = (post: OutboundMessage) => `post-${post.outboxId}`;
  const adapter = memoryAdapter({
    async edit(edit: PostEdit) {
      texts.set(edit.postId, edit.text);
    },
    fetchFile: () => new Promise(() => {}),
  });
  const inC = () => adapter.posts.filter(({ chatId }) => chatId === "c");
  return { adapter, shown: () => inC().map((post) => texts.get(postId(post)) ?? post.text) };
}

/** The lines of `c`, as `user: text` and `assistant: text`. */
export function linesIn({ store }: BareGateway): readonly string[] {
  const session = store.listSessions({}).sessions.find(({ sessionKey }) => sessionKey.endsWith(":c"));
  const lines = session === undefined ? [] : store.transcript(session.sessionId, { limit: 100 });
  return lines.map(({ role, content }) => `${role}: ${content}`);
}

/** Whether every message is answered and every post is out. */
export function isAllDone({ store }: BareGateway): boolean {
  const { inbox, outbox } = store.stats();
  return inbox.waiting + inbox.running + outbox.pending === 0;
}
