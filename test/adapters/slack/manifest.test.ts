import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { runningSlack } from "./running-slack.ts";

const manifest = z
  .object({
    features: z.object({ slash_commands: z.array(z.object({ command: z.string() })) }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
    settings: z.object({
      event_subscriptions: z.object({ bot_events: z.array(z.string()) }),
      interactivity: z.object({ is_enabled: z.boolean() }),
      socket_mode_enabled: z.boolean(),
    }),
  })
  .parse(parse(readFileSync(new URL("../../../docs/slack-manifest.yaml", import.meta.url), "utf8")));
const granted = manifest.oauth_config.scopes.bot;

test("an app made of the manifest lacks no scope, and without any one of those that are looked for that is told", async () => {
  const toldWith = async (scopes: readonly string[]) => {
    await using slack = await runningSlack({ starts: false });
    slack.fake.scopes = scopes.join(",");
    await slack.adapter.start(slack.intake);
    return slack.events.told.join();
  };
  assert.equal(await toldWith(granted), "");
  for (const scope of ["chat:write", "files:write", "mpim:history"]) {
    assert.ok((await toldWith(granted.filter((each) => each !== scope))).includes(`${scope} (`), scope);
  }
});

test("the manifest has the slash command, the buttons, the events and the mode that the adapter reads by default", () => {
  const { features, settings } = manifest;
  assert.deepEqual(
    features.slash_commands.map(({ command }) => command),
    ["/parley"],
  );
  assert.deepEqual([settings.interactivity.is_enabled, settings.socket_mode_enabled], [true, true]);
  const events = new Set(settings.event_subscriptions.bot_events);
  for (const event of ["app_mention", "message.im", "message.mpim", "message.channels", "message.groups"]) {
    assert.ok(events.has(event), event);
  }
  // What shows that it is at work.
  for (const scope of ["assistant:write", "reactions:write", "commands"]) assert.ok(granted.includes(scope), scope);
});
