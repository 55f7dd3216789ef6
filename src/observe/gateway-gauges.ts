import type { Registry } from "prom-client";
import Gauge from "prom-client/lib/gauge.js";

/** What the gauges ask a running gateway at each scrape; cheap, and none of it throws. */
export interface MeasuredGateway {
  /** Inbox rows that wait for their turn. */
  queueDepth(): number;
  /** Sessions that have not ended. */
  liveSessions(): number;
  adapters(): readonly { readonly platform: string; readonly account: string; readonly connected: boolean }[];
}

/** Registers the gauges whose values are read from `gateway` at a scrape. */
export function gatewayGauges(registry: Registry, gateway: MeasuredGateway): void {
  const registers = [registry];
  new Gauge({
    name: "parley_queue_depth",
    help: "Messages that wait for their turn.",
    registers,
    collect() {
      this.set(gateway.queueDepth());
    },
  });
  new Gauge({
    name: "parley_sessions_live",
    help: "Sessions that have not ended.",
    registers,
    collect() {
      this.set(gateway.liveSessions());
    },
  });
  new Gauge({
    name: "parley_adapter_connected",
    help: "1 while the adapter hears its platform, else 0.",
    labelNames: ["platform", "account"],
    registers,
    collect() {
      this.reset();
      for (const { platform, account, connected } of gateway.adapters())
        this.labels(platform, account).set(connected ? 1 : 0);
    },
  });
}
