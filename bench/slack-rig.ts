import { fakeSlack } from "../test/fake/slack/fake-slack.ts";
import type { PlatformRig } from "./platform-rig.ts";
import { untilTrue } from "./until-true.ts";

/** Calls the server remembers; a benchmark makes more than memory should hold. */
const MAX_CALLS = 1_000;

/** Slack in Socket Mode: each chat is a person's direct messages with the bot. */
export async function startSlackRig(): Promise<PlatformRig> {
  const tokens = { botToken: "xoxb-bench", appToken: "xapp-bench" };
  const slack = await fakeSlack({ ...tokens, redeliverAfterMs: 30_000 });
  return {
    platform: "slack",
    section: { ...tokens, apiUrl: slack.apiUrl },
    untilConnected: () => untilTrue("a bot is connected to Slack", () => slack.sockets.count() > 0),
    say(chat, text) {
      const user = `U${String(chat).padStart(8, "0")}`;
      if (!slack.workspace.users.has(user)) {
        slack.workspace.users.set(user, { name: `person${chat}`, displayName: `Person ${chat}` });
      }
      slack.say({ text, user, channel: `D${String(chat).padStart(8, "0")}` });
    },
    onPost(listener) {
      // The server lists posts and tells nobody: the list is where they can be heard of at once.
      slack.posts.push = (...posts) => {
        for (const { text } of posts) listener(text);
        if (slack.calls.length > MAX_CALLS) slack.calls.length = 0;
        return 0;
      };
    },
    [Symbol.asyncDispose]: () => slack.close(),
  };
}
