import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { AgentBackend } from "../../src/agent/backend.ts";
import { type ChatWorld, platformNames, postsIn } from "../support/chat-world.ts";
import { type PlatformDaemon, startPlatformDaemon } from "../support/platform-daemon.ts";
import { until } from "../support/until.ts";

/** Who comes in: people by their number. */
const roles = { stranger: 5, allowed: 1, admin: 9 } as const;
type Role = keyof typeof roles;
/** Somebody who is let in, by whose answer it is known that what came before has been judged. */
const WITNESS = 2;

/** What comes of it: nothing at all, a turn of the agent, an answer of the bot's own, or its word that this is not for them. */
type Outcome = "nothing" | "turn" | "reply" | "refusal";

interface Entrance {
  readonly what: string;
  readonly enter: (world: ChatWorld, person: number) => void;
  readonly outcomes: Readonly<Record<Role, Outcome>>;
}

const forAllWhoAreIn = (outcome: Outcome) => ({ stranger: "nothing", allowed: outcome, admin: outcome }) as const;
const forAdmins = { stranger: "nothing", allowed: "refusal", admin: "reply" } as const;

const entrances: readonly Entrance[] = [
  {
    what: "a direct message",
    enter: (world, person) => void world.say(world.dm(person), "hello", { person }),
    outcomes: forAllWhoAreIn("turn"),
  },
  {
    what: "a mention in a group",
    enter: (world, person) => void world.say(world.group(1), "hello", { person, mentionsBot: true }),
    outcomes: forAllWhoAreIn("turn"),
  },
  {
    what: "a mention in a thread",
    enter: (world, person) => void world.say(world.thread(1), "hello", { person, mentionsBot: true }),
    outcomes: forAllWhoAreIn("turn"),
  },
  {
    what: "a file",
    enter: (world, person) =>
      void world.say(world.dm(person), "", {
        person,
        file: { name: "a.txt", mimeType: "text/plain", bytes: Buffer.from("hello") },
      }),
    outcomes: forAllWhoAreIn("turn"),
  },
  {
    what: "a command that is typed",
    enter: (world, person) => void world.say(world.dm(person), "/whoami", { person }),
    outcomes: forAllWhoAreIn("reply"),
  },
  {
    what: "a command that never waits",
    enter: (world, person) => void world.say(world.dm(person), "/stop", { person }),
    outcomes: forAllWhoAreIn("reply"),
  },
  {
    what: "a command of the platform's own, in a direct chat",
    enter: (world, person) => world.useCommand(world.dm(person), "whoami", person),
    outcomes: forAllWhoAreIn("reply"),
  },
  {
    what: "the same in a group",
    enter: (world, person) => world.useCommand(world.group(2), "whoami", person),
    outcomes: forAllWhoAreIn("reply"),
  },
  {
    what: "an admin's command",
    enter: (world, person) => void world.say(world.dm(person), "/pair list", { person }),
    outcomes: forAdmins,
  },
  {
    what: "an admin's command with an argument",
    enter: (world, person) => void world.say(world.dm(person), "/pair approve telegram:1", { person }),
    outcomes: forAdmins,
  },
  {
    what: "an admin's command of the platform's own",
    enter: (world, person) => world.useCommand(world.dm(person), "pair", person),
    outcomes: forAdmins,
  },
  {
    what: "a button, pressed under a post that was for somebody else, or once more",
    enter: (world, person) => {
      const [post] = world.posts().filter(({ text }) => text.includes("earlier"));
      assert.ok(post !== undefined, "the list of sessions");
      world.press(post, "/resume 1", person);
    },
    outcomes: forAllWhoAreIn("reply"),
  },
];

/** An agent that answers at once and keeps what it was asked. */
function recorder(): AgentBackend & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name: "recorder",
    asked,
    async *run(request) {
      await Promise.resolve();
      asked.push(request.message.text);
      yield { kind: "text", delta: `heard ${request.message.text}` };
      yield { kind: "done" };
    },
  };
}

/** All that anybody can see of the bot. */
function seen(world: ChatWorld): readonly string[] {
  return [...world.posts(), ...world.privatePosts()].map(({ text }) => text);
}

async function settle(world: ChatWorld, parley: PlatformDaemon, nth: number): Promise<void> {
  world.say(world.dm(WITNESS), `witness ${nth}`, { person: WITNESS });
  await until("the witness is answered", () => seen(world).includes(`heard witness ${nth}`));
  const { gateway } = parley.daemon();
  await until("nothing is under way", () => {
    const { inbox, outbox } = gateway.store.stats();
    return inbox.waiting + inbox.running + outbox.pending === 0;
  });
}

for (const platform of platformNames) {
  suite(`${platform}: who gets in, and how far`, () => {
    test("each entrance does for each role what the table says, and nothing else", async (t) => {
      const agent = recorder();
      await using parley = await startPlatformDaemon({
        agents: { main: agent },
        more: (worlds) => ({
          sessions: { titles: "text" },
          access: {
            mode: "allowlist",
            allow: worlds.flatMap((world) =>
              [roles.allowed, WITNESS].map((person) => `${world.platform}:${world.userId(person)}`),
            ),
            admins: worlds.map((world) => `${world.platform}:${world.userId(roles.admin)}`),
          },
        }),
      });
      const world = parley.worlds.find((each) => each.platform === platform);
      assert.ok(world !== undefined);
      let witnessed = 0;
      for (const text of ["earlier", "/new", "/sessions"]) world.say(world.dm(3 - WITNESS), text);
      await until("there are buttons", () => world.posts().some(({ buttons }) => buttons.length > 0));
      for (const { what, enter, outcomes } of entrances) {
        for (const role of ["stranger", "allowed", "admin"] as const) {
          await settle(world, parley, ++witnessed);
          const before = { asked: agent.asked.length, seen: seen(world) };
          enter(world, roles[role]);
          const expected = outcomes[role];
          if (expected !== "nothing")
            await until(`${what} of ${role} comes to something`, () => seen(world).length > before.seen.length);
          await settle(world, parley, ++witnessed);
          const asked = agent.asked.slice(before.asked).filter((text) => !text.startsWith("witness"));
          const earlier = [...before.seen];
          const said = seen(world).filter((text) => {
            const at = earlier.indexOf(text);
            if (at !== -1) earlier.splice(at, 1);
            return at === -1 && !/witness \d+$/.test(text);
          });
          const come = seen(world).length - before.seen.length - 1;
          await t.test(`${what}: ${role}`, () => {
            assert.deepEqual([asked.length, come], [expected === "turn" ? 1 : 0, expected === "nothing" ? 0 : come]);
            if (expected === "nothing") assert.deepEqual(said, []);
            else assert.ok(come > 0);
            assert.equal(
              said.some((text) => /is for admins/.test(text)),
              expected === "refusal",
              said.join("\n"),
            );
          });
        }
      }
    });

    test("another bot is answered by nobody, though everybody may speak", async () => {
      const agent = recorder();
      await using parley = await startPlatformDaemon({ agents: { main: agent } });
      const world = parley.worlds.find((each) => each.platform === platform);
      assert.ok(world !== undefined);
      for (const place of [world.dm(1), world.group(1), world.thread(1)]) {
        world.botSays(place, "beep", { mentionsBot: true });
        world.botSays(place, "/whoami");
      }
      await settle(world, parley, 1);
      assert.deepEqual(agent.asked, ["witness 1"]);
      assert.equal(seen(world).length, 1);
    });

    test("an edit of what was answered, and a second press of a button, start no turn", async () => {
      const agent = recorder();
      await using parley = await startPlatformDaemon({ agents: { main: agent } });
      const world = parley.worlds.find((each) => each.platform === platform);
      assert.ok(world !== undefined);
      const said = world.say(world.dm(1), "first");
      await until("it is answered", () => seen(world).includes("heard first"));
      said.edit("first, changed");
      for (const text of ["/new", "/sessions"]) world.say(world.dm(1), text);
      await until("there are buttons", () => postsIn(world, world.dm(1)).some(({ buttons }) => buttons.length > 0));
      const post = postsIn(world, world.dm(1)).find(({ buttons }) => buttons.length > 0);
      const [command] = post?.buttons ?? [];
      assert.ok(post !== undefined && command !== undefined);
      for (let press = 0; press < 3; press++) world.press(post, command, 1);
      await until("all presses are acknowledged", () => world.pressesConfirmed() === 3);
      await settle(world, parley, 1);
      assert.deepEqual(agent.asked, ["first", "witness 1"]);
    });
  });
}
