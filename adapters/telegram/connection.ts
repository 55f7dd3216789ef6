import type { Clock } from "../../src/clock/clock.ts";
import type { AdapterEvents, AdapterHealth } from "../../src/platform/adapter.ts";

/** How the connection to Telegram stands, and the events that tell of its changes. */
export interface Connection {
  /** Telegram answered: from now on it is connected. */
  up(detail: string): void;
  /** It can't be reached, or refuses; said once for each reason in a row. `detail` says what an operator can do, if anything. */
  down(detail: string, error?: unknown): void;
  /** Reading ended on purpose. */
  stopped(): void;
  health(): AdapterHealth;
}

/** A connection that is not there yet. */
export function openConnection(clock: Clock, events: AdapterEvents): Connection {
  let health: AdapterHealth = { connected: false, lastEventAtMs: null, detail: "not started" };
  let isLossTold = false;
  return {
    up(detail) {
      health = { connected: true, lastEventAtMs: clock.nowMs(), detail };
      if (isLossTold) events.connected();
      isLossTold = false;
    },
    down(detail, error) {
      const isNews = health.connected || health.detail !== detail;
      health = { ...health, connected: false, detail };
      if (!isNews) return;
      isLossTold = true;
      events.disconnected(detail, error);
    },
    stopped() {
      health = { ...health, connected: false, detail: "stopped" };
    },
    health: () => health,
  };
}
