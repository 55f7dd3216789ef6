import type { Command } from "../command/command.ts";
import type { Events } from "../observe/events.ts";
import type { Adapter, Intake } from "../platform/adapter.ts";

/** Starts every adapter and publishes the commands; one that fails is told of and returned by its name, the others go on. */
export async function startAdapters(options: {
  readonly adapters: readonly Adapter[];
  readonly commands: readonly Command[];
  readonly intakeOf: (adapter: Adapter) => Intake;
  readonly events: Events;
}): Promise<ReadonlyMap<string, string>> {
  const { adapters, commands, intakeOf, events } = options;
  const published = commands.map(({ name, usage, summary, answer }) => ({
    name,
    usage,
    summary,
    ...(answer === "private" ? { isPrivate: true as const } : {}),
  }));
  const failures = new Map<string, string>();
  await Promise.all(
    adapters.map(async (adapter) => {
      const { platform, account } = adapter;
      try {
        await adapter.start(intakeOf(adapter));
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        failures.set(placeName(platform, account), detail);
        events.adapterDisconnected({ platform, account, detail, error });
        return;
      }
      // An adapter that goes on trying tells itself when it is there.
      if (adapter.health().connected) events.adapterConnected({ platform, account });
      adapter.publishCommands?.(published).catch((error: unknown) => {
        const detail = "the commands could not be published; they work all the same when they are typed";
        events.adapterWarned({ platform, account, detail, error });
      });
    }),
  );
  return failures;
}

/** How a bot is called in lists: its platform, and its account where there are several. */
export function placeName(platform: string, account: string): string {
  return account === "default" ? platform : `${platform}@${account}`;
}
