import { test } from "node:test";
import { startTestGateway } from "../support/test-gateway.ts";
import { formatTargets } from "./fuzz-formats.ts";
import { httpTarget } from "./fuzz-http.ts";
import { payloadTargets } from "./fuzz-payloads.ts";
import { textTargets } from "./fuzz-texts.ts";

/** A few of each, always others; `npm run test:fuzz` takes more. */
const CASES = 20;
/** Slow machines run this too: only what grows without bounds is to be seen here. */
const MAX_MS = 5_000;

for (const target of [...payloadTargets, ...textTargets, ...formatTargets]) {
  test(`${target.name}: no odd input crashes it, or holds it up`, async () => {
    await target.run(CASES, Date.now(), MAX_MS);
  });
}

test("requests over HTTP: no odd input makes an internal error", async () => {
  await using daemon = await startTestGateway();
  await httpTarget(daemon.client).run(CASES, Date.now());
});
