import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stash } from "../../src/memory/set-aside.ts";
import { selectNewestPlacements } from "../../src/store/memory-placements.ts";
import { ask, askPosts, liveSession } from "../support/ask.ts";
import { inDm, inGroup, learn, peopleGateway, remembered } from "./memory-scene.ts";

describe("/forget me", () => {
  test("asks first, erases all there is of the asker in every scope, and reports it", async () => {
    await using bare = await peopleGateway();
    const ann = inDm("ann");
    await ask(bare, "hello", ann);
    const unlearned = "I learn nothing from what you said until now, here or elsewhere.";
    assert.equal(await ask(bare, "/forget me", ann), `I remember nothing of you. ${unlearned}`);
    const { sessionId } = liveSession(bare, { chatId: "dm-ann" });
    await learn(bare, sessionId, "Likes tea.", {
      author: "user:memory:default:ann",
      target: "user:memory:default:ann",
    });
    await learn(bare, sessionId, "The group likes tea.", { author: "user:memory:default:ann", target: null });
    await ask(bare, "/remember I live in Rome", ann);
    await ask(bare, "/remember I like jazz", inGroup("ann"));
    await ask(bare, "/remember I live in Bern", inDm("bob"));
    await ask(bare, "/remember I like chess", ann);
    await bare.store.write((tx) => {
      const [chess] = selectNewestPlacements(tx, {
        scope: "user:memory:default:ann",
        state: "active",
        before: Number.MAX_SAFE_INTEGER,
        limit: 1,
      });
      assert.ok(chess !== undefined && stash(tx, chess.id, 0));
    });
    await ask(bare, "/remember here ships on Mondays", inGroup("boss"));
    const [post] = await askPosts(bare, "/forget me", ann);
    assert.match(post?.text ?? "", /^This erases for good .*: 5 memories, .*\/forget me yes does it\.$/);
    const [yes, no] = post?.buttons ?? [];
    assert.equal(await ask(bare, no?.command ?? "", ann), "Kept.");
    assert.equal(
      await ask(bare, yes?.command ?? "", inDm("bob")),
      "That button is somebody else's. Nothing was forgotten.",
    );
    assert.equal(remembered(bare).length, 4);
    assert.equal(
      await ask(bare, yes?.command ?? "", ann),
      `Forgotten for good:\n- 3 memories about you\n- 2 memories in conversations\n- of these 1 put aside\n\n${unlearned} The conversations themselves stay (1 of yours alone): /delete erases the one it is given in.`,
    );
    assert.deepEqual(remembered(bare), [
      "user:memory:default:bob I live in Bern",
      "chat:memory:default:g ships on Mondays",
    ]);
    assert.deepEqual(remembered(bare, "preliminary"), []);
    assert.equal(await ask(bare, "/forget me yes", ann), `I remember nothing of you. ${unlearned}`);
  });

  test("what an admin said for a chat goes with the admin", async () => {
    await using bare = await peopleGateway();
    await ask(bare, "/remember here ships on Mondays", inGroup("boss"));
    assert.match(
      await ask(bare, "/forget me yes", inGroup("boss")),
      /^Forgotten for good:\n- 1 memory that you said for a chat\n/,
    );
    assert.deepEqual(remembered(bare), []);
  });

  test("a text that only begins like it is looked for", async () => {
    await using bare = await peopleGateway();
    await ask(bare, "/remember me and Bob play chess", inDm("ann"));
    assert.equal(await ask(bare, "/forget me and Bob play chess", inDm("ann")), "Forgotten: “me and Bob play chess”");
  });
});
