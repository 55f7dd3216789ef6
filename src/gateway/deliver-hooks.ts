import type { Clock } from "../clock/clock.ts";
import type { Events } from "../observe/events.ts";
import {
  type HookDelivery,
  markDelivered,
  markDeliveryFailed,
  postponeDelivery,
  selectDueDeliveries,
  selectPendingDeliveryAt,
} from "../store/hook-deliveries.ts";
import type { LifecycleEvent } from "../store/lifecycle-events.ts";
import type { SessionStore } from "../store/store.ts";
import { callHook } from "./call-hook.ts";
import { type EndHook, endHooks, type MemoryRules } from "./memory-rules.ts";

/** Takes events to hooks, each hook on its own: one that hangs holds up nobody else's. */
export interface HookDeliveries {
  /** Takes up what is due and not under way. */
  look(): void;
  /** Waits for what is under way, which the signal has ended. */
  stop(): Promise<void>;
}

/** Deliveries looked at at a time. */
const BATCH = 200;
/** Deliveries to one hook of an operator's at a time: events of a session arrive in order as long as none fails. */
const HOOK_AT_ONCE = 1;
/** Sessions that are ended at a time; a whole platform's may end at the same hour. */
const ENDS_AT_ONCE = 4;
/** Longest reason kept with a delivery, in UTF-16 units. */
const MAX_ERROR_LENGTH = 300;

/** The one delivery that was all three of ours, in databases that are older. */
const WHOLE_END = "memory";

/** Opens them; `onEnd` makes those that are ours. */
export function deliverHooks(parts: {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly events: Events;
  readonly rules: MemoryRules;
  readonly stopping: AbortSignal;
  readonly onEnd: (hook: EndHook, event: LifecycleEvent) => Promise<void>;
  readonly onDue: () => void;
}): HookDeliveries {
  const { store, clock, events, rules, stopping } = parts;
  const running = new Map<string, Promise<void>>();
  const perHook = new Map<string, number>();

  const attempt = async (delivery: HookDelivery): Promise<void> => {
    const { hook: name, event } = delivery;
    let error: Error | null = null;
    try {
      const hook = rules.hooks.find((one) => one.name === name);
      if (name === "memory.note") {
        // It tells of the summary: where that is tried again, it waits for it.
        const atMs = selectPendingDeliveryAt(store.reader, { eventId: delivery.eventId, hook: "memory.summary" });
        if (atMs !== null) return await store.write((tx) => postponeDelivery(tx, delivery, atMs + 1));
      }
      for (const ours of endHooks) if (name === ours || name === WHOLE_END) await parts.onEnd(ours, event);
      if (hook !== undefined) await callHook(hook, delivery, clock, stopping);
      // One that is not configured any more has nobody to be told.
    } catch (thrown) {
      // What the end of the process cut is made again at the next start.
      if (stopping.aborted) return;
      error = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
    const nowMs = clock.nowMs();
    if (error === null) {
      await store.write((tx) => markDelivered(tx, delivery, nowMs));
      return;
    }
    const words = error.message.slice(0, MAX_ERROR_LENGTH);
    const state = await store.write((tx) => markDeliveryFailed(tx, delivery, nowMs, words));
    events.hookFailed({
      hook: name,
      kind: event.kind,
      attempt: delivery.attempts + 1,
      isDead: state === "dead",
      error,
    });
  };

  return {
    look() {
      for (const delivery of inOrder(selectDueDeliveries(store.reader, clock.nowMs(), BATCH))) {
        const { eventId } = delivery;
        // What is ours of one end is made one after the other, of several ends at a time.
        const isOurs = isEndHook(delivery.hook);
        const hook = isOurs ? WHOLE_END : delivery.hook;
        const key = `${eventId} ${hook}`;
        const busy = perHook.get(hook) ?? 0;
        if (stopping.aborted || running.has(key) || busy >= (isOurs ? ENDS_AT_ONCE : HOOK_AT_ONCE)) continue;
        perHook.set(hook, busy + 1);
        const run = attempt(delivery)
          .catch((error: unknown) => events.memoryFailed({ what: "hook", error }))
          .finally(() => {
            running.delete(key);
            perHook.set(hook, (perHook.get(hook) ?? 1) - 1);
            if (!stopping.aborted) parts.onDue();
          });
        running.set(key, run);
      }
    },
    async stop() {
      await Promise.allSettled(running.values());
    },
  };
}

function isEndHook(hook: string): boolean {
  return hook === WHOLE_END || endHooks.some((ours) => ours === hook);
}

/** Those of one event in the order in which ours are made; else as they are due. */
function inOrder(due: readonly HookDelivery[]): readonly HookDelivery[] {
  const order: readonly string[] = endHooks;
  const placeOf = ({ hook }: HookDelivery) => order.indexOf(hook);
  return due.toSorted((one, other) => (one.eventId === other.eventId ? placeOf(one) - placeOf(other) : 0));
}
