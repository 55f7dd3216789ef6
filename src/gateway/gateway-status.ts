import type { Adapter, AdapterHealth } from "../platform/adapter.ts";
import type { SessionQueue } from "./session-queue.ts";
import { placeName } from "./start-adapters.ts";

/** How things stand, for `/readyz`, the console and `parley status`. */
export interface GatewayStatus {
  readonly version: string;
  readonly startedAtMs: number;
  /** Empty when ready; otherwise each reason in a line. */
  readonly notReady: readonly string[];
  readonly runningTurns: number;
  readonly waitingMessages: number;
  readonly adapters: readonly ({ readonly platform: string; readonly account: string } & AdapterHealth)[];
}

/** How a gateway stands now; `failures` are the adapters that could not start, by place name, and why. */
export function gatewayStatus(
  about: Pick<GatewayStatus, "version" | "startedAtMs">,
  adapters: readonly Adapter[],
  queue: SessionQueue,
  failures: ReadonlyMap<string, string>,
): GatewayStatus {
  return {
    ...about,
    notReady: adapters.flatMap((adapter) => {
      const health = adapter.health();
      const name = placeName(adapter.platform, adapter.account);
      return health.connected ? [] : [`${name}: ${failures.get(name) ?? health.detail}`];
    }),
    runningTurns: queue.running(),
    waitingMessages: queue.waiting(),
    adapters: adapters.map((adapter) => ({
      platform: adapter.platform,
      account: adapter.account,
      ...adapter.health(),
    })),
  };
}
