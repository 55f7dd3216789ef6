import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { interpolate } from "../../config/interpolate.ts";
import { loadText, problemsOf } from "./load-text.ts";

const env = { NAME: "value", EMPTY: "", YAML: "x: [1\ny: 2" };

const cases: readonly (readonly [written: string, expected: string])[] = [
  ["plain", "plain"],
  ["${NAME}", "value"],
  ["a ${NAME} and ${NAME}", "a value and value"],
  ["${NOPE:-default}", "default"],
  ["${NOPE:-}", ""],
  ["${NOPE:-a:-b\nc}", "a:-b\nc"],
  ["${EMPTY}", ""],
  ["${EMPTY:-default}", "default"],
  ["$${NAME}", "${NAME}"],
  ["$$${NAME}", "$${NAME}"],
  ["$NAME $ {", "$NAME $ {"],
  ["${YAML}", "x: [1\ny: 2"],
];

describe("interpolate", () => {
  for (const [written, expected] of cases) {
    test(`${JSON.stringify(written)} becomes ${JSON.stringify(expected)}`, () => {
      const { tree, problems } = interpolate({ field: written }, env);
      assert.deepEqual(problems, []);
      assert.deepEqual(tree, { field: expected });
    });
  }

  test("a missing variable is a problem with its path", () => {
    const { tree, problems } = interpolate({ list: [{ field: "x${NOPE}" }] }, {});
    assert.deepEqual(tree, { list: [{ field: undefined }] });
    assert.deepEqual(problems, [
      {
        path: "list[0].field",
        message:
          "expected the environment variable NOPE, which is not set. Set it, or write ${NOPE:-default} to do without.",
      },
    ]);
  });

  test("names that objects inherit are no variables", () => {
    assert.equal(interpolate({ field: "${toString}" }, {}).problems.length, 1);
  });

  for (const written of ["${", "${}", "${1A}", "${A", "${A:?no}", "${A B}"]) {
    test(`${written} is refused`, () => {
      assert.match(interpolate({ field: written }, { A: "a" }).problems[0]?.message ?? "", /expected \$\{NAME\}/);
    });
  }

  test("keys are left alone", () => {
    assert.deepEqual(interpolate({ "${NAME}": 1 }, env).tree, { "${NAME}": 1 });
  });

  test("a text without a dollar stays as it is, and a value is never read again", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, value) => {
        const plain = text.replaceAll("$", "");
        assert.deepEqual(interpolate({ a: plain, b: `${plain}\${V}` }, { V: value }).tree, {
          a: plain,
          b: plain + value,
        });
      }),
    );
  });
});

describe("a text that is entirely one variable", () => {
  test("becomes the number or boolean that the schema wants", () => {
    const { config } = loadText(
      'console: { port: "${PORT}", enabled: "${ON}" }\nplatforms: { telegram: "${TG}" }\ndataDir: "${N}"\n',
      { PORT: "9000", ON: "false", TG: "false", N: "17" },
    );
    assert.equal(config.console.port, 9000);
    assert.equal(config.console.enabled, false);
    assert.deepEqual(config.platforms.telegram, []);
    assert.match(config.dataDir, /\/17$/);
  });

  test("is not shown when it does not fit, but named", () => {
    assert.deepEqual(
      problemsOf('console: { port: "${PORT}", enabled: "${ON}" }', { PORT: "70000", ON: "yes please" }),
      [
        { path: "console.enabled", message: "expected true or false, got a text from ${ON}." },
        { path: "console.port", message: "expected a whole number from 0 to 65535, got a number from ${PORT}." },
      ],
    );
  });

  test("a mixed text, or one in plain quotes, is never turned into a number", () => {
    assert.equal(problemsOf('console: { port: "1${PORT}" }', { PORT: "0" })[0]?.path, "console.port");
    assert.equal(
      problemsOf('console: { port: "8787" }')[0]?.message,
      'expected a whole number from 0 to 65535, got "8787".',
    );
  });

  test("works in lists too", () => {
    const { config } = loadText('platforms: { telegram: { token: "1:a", freeChats: ["${CHAT}"] } }', { CHAT: "-100" });
    assert.deepEqual(config.platforms.telegram[0]?.freeChats, ["-100"]);
  });
});
