import { backOffMs } from "../clock/back-off.ts";
import { sleep } from "../clock/clock.ts";
import { type AcpPeerEvents, type OpenedPeer, openAcpPeer } from "./acp-peer.ts";
import type { ChildOptions } from "./child-process.ts";
import { failed } from "./program-failure.ts";

/** The one process of an agent, which is started when it is needed and again after it died. */
export interface AcpProcess {
  /** The process that runs, or the one being started; never rejects. */
  peer(): Promise<OpenedPeer>;
  /** A turn came to its end: deaths before it count no more. */
  worked(): void;
  /** Ends it for good. */
  close(): Promise<void>;
}

/** Wait before the second start in a row; doubled with each further one. */
const FIRST_WAIT_MS = 500;
/** Longest such wait: somebody sits in front of it. */
const MAX_WAIT_MS = 15_000;

/** Nothing is started before `peer` is called. */
export function acpProcess(options: ChildOptions, events: AcpPeerEvents): AcpProcess {
  const closing = new AbortController();
  let current: Promise<OpenedPeer> | null = null;
  let deaths = 0;

  const start = async (): Promise<OpenedPeer> => {
    if (deaths > 0) {
      const waitMs = backOffMs(deaths, FIRST_WAIT_MS, MAX_WAIT_MS);
      await sleep(options.clock, waitMs, closing.signal);
    }
    if (closing.signal.aborted) return { kind: "failed", event: failed("unavailable", "the agent is closed") };
    const opened = await openAcpPeer(options, events);
    if (opened.kind === "failed") {
      current = null;
      // A mistake in the configuration is told at once, each time: nothing gets better by waiting.
      if (opened.event.failure.reason !== "misconfigured") deaths += 1;
      return opened;
    }
    void opened.peer.gone.then((how) => {
      current = null;
      deaths += 1;
      if (!closing.signal.aborted) options.report(`the agent's process ended: ${how}`);
    });
    return opened;
  };
  const peer = async (): Promise<OpenedPeer> => {
    current ??= start();
    const opened = await current;
    if (opened.kind === "failed" || !opened.peer.hungUp.aborted) return opened;
    await opened.peer.gone; // by then it is nobody's current one
    return await peer();
  };
  return {
    peer,
    worked() {
      deaths = 0;
    },
    async close() {
      closing.abort();
      const opened = await current;
      if (opened?.kind === "open") await opened.peer.end();
    },
  };
}
