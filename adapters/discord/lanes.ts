/** Work that waits in one lane; what does not fit is refused. */
const MAX_WAITING_IN_LANE = 500;
/** Work that waits in all lanes: events of a few kilobytes each. */
const MAX_WAITING = 10_000;

/** Work in order per key, side by side across keys. */
export interface Lanes {
  /** Does the work after what was given before under this key, at once when that is done; false when too much waits already. */
  run(key: string, work: () => Promise<void>): boolean;
  /** Drops what has not begun, and resolves when what has is done. What comes afterwards is refused. */
  stop(): Promise<void>;
}

/** Opens empty lanes. Work that rejects is reported, and the lane goes on; `onIdle` hears of a lane that has run empty. */
export function openLanes(options: {
  readonly onFailure: (error: unknown) => void;
  readonly onIdle: (key: string) => void;
}): Lanes {
  const lanes = new Map<string, { readonly queue: (() => Promise<void>)[]; readonly drained: Promise<void> }>();
  let waitingCount = 0;
  let isStopped = false;

  const drain = async (key: string, first: () => Promise<void>, queue: (() => Promise<void>)[]) => {
    for (let work: (() => Promise<void>) | undefined = first; work !== undefined; work = queue.shift()) {
      if (work !== first) waitingCount--;
      try {
        await work();
      } catch (error) {
        options.onFailure(error);
      }
    }
    lanes.delete(key);
    if (!isStopped) options.onIdle(key);
  };

  return {
    run(key, work) {
      if (isStopped) return false;
      const lane = lanes.get(key);
      if (lane === undefined) {
        const queue: (() => Promise<void>)[] = [];
        // The lane is entered before its work begins, which may add to it.
        const entered = Promise.withResolvers<void>();
        lanes.set(key, { queue, drained: entered.promise });
        drain(key, work, queue).then(entered.resolve, entered.reject);
        return true;
      }
      if (lane.queue.length >= MAX_WAITING_IN_LANE || waitingCount >= MAX_WAITING) return false;
      lane.queue.push(work);
      waitingCount++;
      return true;
    },
    async stop() {
      isStopped = true;
      for (const { queue } of lanes.values()) waitingCount -= queue.splice(0).length;
      await Promise.all([...lanes.values()].map(({ drained }) => drained));
    },
  };
}
