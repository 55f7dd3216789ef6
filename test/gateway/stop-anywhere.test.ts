import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { begin, isAllDone, linesIn, openScene, type Scene } from "../support/stop-scene.ts";
import { until } from "../support/until.ts";

const SECOND_MS = 1_000;
const image = { kind: "image", mimeType: "image/png", sizeBytes: 10, name: "a.png", reference: "file-1" } as const;

/** A stage of a turn: how it is reached, and what stopping it there has to leave behind. */
interface Stage {
  readonly name: string;
  /** Brings a turn of chat `c` to this stage; nothing else is said there. */
  readonly reach: (scene: Scene) => Promise<void>;
  readonly obeysStop?: false;
  readonly maxConcurrentTurns?: number;
  /** What people see of it afterwards, the answer to `/stop` aside. */
  readonly shown: readonly string[];
  /** The lines of its conversation. */
  readonly lines: readonly string[];
}

const stages: readonly Stage[] = [
  {
    name: "while attachments are fetched",
    async reach({ bare, clock }) {
      await bare.say("c", "look", { attachments: [image] });
      await clock.advance(0);
    },
    shown: [],
    lines: ["user: look"],
  },
  {
    name: "before the first word",
    reach: begin,
    shown: [],
    lines: ["user: tell me"],
  },
  {
    name: "before the first word, of an agent that does not obey",
    reach: begin,
    obeysStop: false,
    shown: [],
    lines: ["user: tell me"],
  },
  {
    name: "with some words nobody has seen yet",
    async reach(scene) {
      await begin(scene);
      scene.agent.running[0]?.say({ kind: "text", delta: "Once" });
      await scene.clock.advance(0);
    },
    shown: ["Once\n\n*(stopped)*"],
    lines: ["user: tell me", "assistant: Once"],
  },
  {
    name: "while the answer grows",
    async reach(scene) {
      await begin(scene);
      scene.agent.running[0]?.say({ kind: "text", delta: "Once" });
      await scene.clock.advance(SECOND_MS);
      await until("its beginning is shown", () => scene.shown().includes("Once"));
      scene.agent.running[0]?.say({ kind: "text", delta: " upon" });
      await scene.clock.advance(0);
    },
    shown: ["Once upon\n\n*(stopped)*"],
    lines: ["user: tell me", "assistant: Once upon"],
  },
  {
    name: "during a tool that is shown, before the first word",
    async reach(scene) {
      await begin(scene);
      scene.agent.running[0]?.say({ kind: "tool", name: "search", phase: "started", summary: "Searching" });
      await scene.clock.advance(SECOND_MS);
      await until("the tool is shown", () => scene.shown().includes("*Searching…*"));
    },
    shown: ["*(stopped)*"],
    lines: ["user: tell me"],
  },
  {
    name: "while the agent waits for permission",
    async reach(scene) {
      await begin(scene);
      scene.agent.running[0]?.say({ kind: "text", delta: "Let me see." });
      const asked = scene.agent.requests[0]?.askApproval({ title: "Delete files", detail: "" });
      void asked?.then((isAllowed) => assert.equal(isAllowed, false, "nobody allowed it"));
      await until("the question is posted", () => scene.shown().some((text) => text.startsWith("May I? ")));
    },
    shown: ["May I?", "Let me see.\n\n*(stopped)*"],
    lines: ["user: tell me", "assistant: Let me see."],
  },
];

for (const mode of ["followup", "collect", "steer", "interrupt"] as const) {
  describe(`/stop, queue mode ${mode}`, () => {
    for (const stage of stages) {
      test(stage.name, async () => {
        await using scene = await openScene(stage, mode);
        const { bare, agent, clock, shown } = scene;
        await stage.reach(scene);
        // In this mode alone a message that waits would end the turn itself.
        const waits = mode !== "interrupt";
        if (waits) await bare.say("c", "and then");
        await bare.say("c", "/stop");
        await clock.advance(SECOND_MS);
        await until("the turn is over within a second", () => bare.gateway.status().runningTurns === 0);
        await clock.advance(10 * SECOND_MS);
        const asked = agent.requests.length;
        assert.ok(asked <= 1, "what waits is kept, and does not run by itself");
        const offer = waits ? " One message waits: /queue go answers it, /queue clear drops it." : "";
        assert.deepEqual(sortedHeads(shown()), sortedHeads([`Stopped.${offer}`, ...stage.shown]));
        assert.deepEqual(linesIn(bare), stage.lines);

        await bare.say("c", waits ? "/queue go" : "and then");
        await until("the next one runs", () => agent.requests.length === asked + 1);
        assert.equal(agent.requests.at(-1)?.message.text, "and then");
        agent.running.at(-1)?.answer("And then?");
        await until("it is answered", () => shown().includes("And then?"));
        assert.deepEqual(linesIn(bare), [...stage.lines, "user: and then", "assistant: And then?"]);
        await until("nothing is left", () => isAllDone(bare));
      });
    }
  });
}

/** The first words of posts, in an order of their own: what answers `/stop` may come before or after what it stopped. */
function sortedHeads(texts: readonly string[]): readonly string[] {
  return texts.map((text) => (text.startsWith("May I?") ? "May I?" : text)).sort();
}
