import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { postsIn } from "../support/chat-world.ts";
import { startPlatformDaemon } from "../support/platform-daemon.ts";
import { tempDir } from "../support/temp-dir.ts";
import { until } from "../support/until.ts";

/** The smallest picture there is. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

const agentFile = `
import { readFileSync, statSync } from "node:fs";
export default async function* (request) {
  for (const { kind, mimeType, path } of request.message.attachments) {
    yield \`\${kind} \${mimeType} \${statSync(path).size} bytes, begins with \${readFileSync(path).subarray(1, 4)}\`;
  }
  yield { kind: "file", name: "result.csv", mimeType: "text/csv", data: Buffer.from("a,b\\n1,2\\n") };
}
`;

test("a picture reaches the agent as a file on disk, and its file reaches the chat, on each platform", async () => {
  using folder = tempDir();
  const path = join(folder.path, "agent.ts");
  writeFileSync(path, agentFile);
  await using parley = await startPlatformDaemon({ more: () => ({ agents: { main: { kind: "module", path } } }) });
  for (const world of parley.worlds) {
    const place = world.dm(1);
    world.say(place, "look at this", { file: { name: "../dot.png", mimeType: "image/png", bytes: PNG } });
    await until("the file is there", () => postsIn(world, place).some(({ file }) => file !== null));
    const posts = postsIn(world, place);
    const words = posts.map(({ text }) => text).join("\n");
    assert.match(words, new RegExp(`image image/png ${PNG.byteLength} bytes, begins with PNG`));
    const [file] = posts.flatMap((post) => post.file ?? []);
    assert.equal(file?.name, "result.csv");
    assert.equal(Buffer.from(file?.bytes ?? []).toString(), "a,b\n1,2\n");
  }
});
