import assert from "node:assert/strict";
import { test } from "node:test";
import type { AgentBackend } from "../../src/agent/backend.ts";
import type { Choices } from "../../src/command/command.ts";
import { ask, askButtons, liveSession } from "../support/ask.ts";
import { bareGateway } from "../support/bare-gateway.ts";

/** Says its name, and the model it was told to use. */
function named(name: string): AgentBackend {
  return {
    name,
    async *run({ model }) {
      yield { kind: "text", delta: `${name} with ${model}` } as const;
      yield { kind: "done" } as const;
    },
  };
}

const agents = { coder: named("coder"), Poet: named("poet") };

test("/agent shows who answers, and chooses another one for this conversation alone", async () => {
  await using bare = await bareGateway({ agent: named("main"), agents });
  assert.equal(await ask(bare, "/agent coder"), "No conversation is open yet: write something first.");
  assert.equal(await ask(bare, "hello"), "main with null");
  assert.equal(
    await ask(bare, "/agent"),
    "main answers here.\n- main: of the test (now)\n- coder: of the test\n- Poet: of the test\n/agent and a name chooses another one for this conversation.",
  );
  assert.deepEqual(await askButtons(bare, "/agent"), [
    { label: "coder", command: "/agent coder" },
    { label: "Poet", command: "/agent Poet" },
  ]);
  assert.equal(await ask(bare, "/agent poet"), "Poet answers from now on in this conversation.");
  assert.equal(await ask(bare, "hello"), "poet with null");
  assert.match(await ask(bare, "/agent"), /^Poet answers here \(chosen here\)\.\n/);
  assert.deepEqual(
    (await askButtons(bare, "/agent")).map(({ label }) => label),
    ["default", "main", "coder"],
  );
  assert.equal(await ask(bare, "/new hello"), "main with null");
  await ask(bare, "/resume");
  assert.equal(await ask(bare, "/agent default"), "main answers from now on in this conversation.");
  assert.equal(await ask(bare, "hello"), "main with null");
});

test("/agent says which name was probably meant", async () => {
  await using bare = await bareGateway({ agents });
  await ask(bare, "hello");
  assert.equal(await ask(bare, "/agent codr"), "There is no agent “codr”. Did you mean coder?");
  assert.equal(await ask(bare, "/agent *x*\ny"), "There is no agent “\\*x\\* y”. /agent lists them.");
  assert.equal(liveSession(bare).answeredBy, null);
});

test("/model chooses a model by any name, and default takes it back", async () => {
  await using bare = await bareGateway({ agent: named("main"), agents });
  assert.equal(await ask(bare, "/model x"), "No conversation is open yet: write something first.");
  await ask(bare, "hello");
  const hint = "/model and a name chooses another one for this conversation.";
  assert.equal(await ask(bare, "/model"), `The model is the own one of main (of the test).\n${hint}`);
  assert.match(await ask(bare, "/model lab/model_1:8b"), /^The model is lab\/model\\_1:8b from now on/);
  assert.equal(await ask(bare, "hello"), "main with lab/model_1:8b");
  assert.equal(await ask(bare, "/model"), `The model is lab/model\\_1:8b (chosen here).\n${hint}`);
  assert.deepEqual(await askButtons(bare, "/model"), [{ label: "default", command: "/model default" }]);
  assert.match(await ask(bare, "/model default"), /^The agent's own model answers/);
  assert.equal(await ask(bare, "hello"), "main with null");
  assert.equal(await ask(bare, `/model ${"x".repeat(101)}`), "/model: expected a name of at most 100 characters.");
  assert.equal(await ask(bare, "/model \u200b"), "/model: expected a name of at most 100 characters.");
});

test("the model of one agent is not the next one's; the queue mode stays", async () => {
  await using bare = await bareGateway({ agent: named("main"), agents });
  await ask(bare, "hello");
  await ask(bare, "/queue steer");
  await ask(bare, "/model m");
  assert.equal(
    await ask(bare, "/agent coder"),
    "coder answers from now on in this conversation. The chosen model was that of the other one: it is dropped.",
  );
  await ask(bare, "/model m2");
  await ask(bare, "/agent coder");
  const { answeredBy, model, queueMode } = liveSession(bare);
  assert.deepEqual([answeredBy, model, queueMode], ["coder", "m2", "steer"]);
});

/** who may choose, whether whoever asks is an admin, what is said to a choice */
const table: readonly (readonly [choices: Choices, isAdmin: boolean, refusal: RegExp | null])[] = [
  ["everyone", false, null],
  ["everyone", true, null],
  ["admins", false, /^Only admins can choose that\./],
  ["admins", true, null],
  ["off", false, /^Choosing is switched off here\./],
  ["off", true, /^Choosing is switched off here\./],
];
for (const [choices, isAdmin, refusal] of table) {
  test(`sessions.choices ${choices}: ${isAdmin ? "an admin" : "somebody"} ${refusal === null ? "chooses" : "only looks"}`, async () => {
    await using bare = await bareGateway({
      agents,
      choices,
      rules: { admit: () => ({ kind: "admitted", isAdmin }) },
    });
    await ask(bare, "hello");
    for (const [text, chosen] of [
      ["/agent coder", /coder answers from now on/],
      ["/model m", /The model is m from now on/],
    ] as const) {
      assert.match(await ask(bare, text), refusal ?? chosen);
    }
    assert.equal(liveSession(bare).answeredBy, refusal === null ? "coder" : null);
    assert.match(await ask(bare, "/agent"), /answers here/);
    assert.match(await ask(bare, "/model"), /^The model is/);
    assert.equal((await askButtons(bare, "/agent")).length > 0, refusal === null);
    assert.equal(/^\/agent/m.test(await ask(bare, "/help")), refusal === null);
  });
}
