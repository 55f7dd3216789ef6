import type { AdapterEvents } from "../../src/platform/adapter.ts";

/** Tells operators of a loss once, however often it is met, and that it is over. */
export interface LossTeller {
  /** There is no connection. Told when it is news: the first time, and when an operator is now needed (`isHopeless`) for another reason. */
  lost(detail: string, error: unknown, isHopeless: boolean): void;
  /** There is one. */
  back(): void;
}

/** Makes one that has told of nothing yet. */
export function lossTeller(events: AdapterEvents): LossTeller {
  let told: string | null = null;
  return {
    lost(detail, error, isHopeless) {
      if (told !== null && (!isHopeless || told === detail)) return;
      told = detail;
      events.disconnected(detail, error);
    },
    back() {
      if (told !== null) events.connected();
      told = null;
    },
  };
}
