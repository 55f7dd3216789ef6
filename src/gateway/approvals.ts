import type { ApprovalQuestion } from "../agent/backend.ts";
import { type Clock, randomHex, type Timer } from "../clock/clock.ts";
import type { PendingApproval } from "../command/command.ts";

/** What running turns wait for people to allow. It is gone with the process: a turn that runs again asks again. */
export interface Approvals {
  /** Waits for a decision; false when nobody decides in time, or the signal aborts. `onAsked` is told what to show. */
  ask(
    key: string,
    askedOf: readonly string[],
    question: ApprovalQuestion,
    signal: AbortSignal,
    onAsked: (approval: PendingApproval) => void,
  ): Promise<boolean>;
  /** Somebody decided; false when it is not waited for any more. */
  decide(id: string, isAllowed: boolean): boolean;
  /** What a conversation waits for, the oldest first. */
  pendingIn(key: string): readonly PendingApproval[];
}

/** How long an answer is waited for: who walked off comes back within it, or not today. */
const PATIENCE_MS = 10 * 60_000;
/** 32 bits, in eight letters: ids are short enough to type, and none is in use twice. */
const ID_BYTES = 4;
/** Most questions a conversation waits for; further ones are refused. */
const MAX_PENDING = 5;

interface Waiting extends PendingApproval {
  readonly key: string;
  readonly settle: (isAllowed: boolean) => void;
}

/** Opens an empty list. */
export function openApprovals(clock: Clock): Approvals {
  const waiting = new Map<string, Waiting>();
  const pendingIn = (key: string) => [...waiting.values()].filter((each) => each.key === key);
  return {
    pendingIn,
    ask(key, askedOf, { title }, signal, onAsked) {
      if (signal.aborted || pendingIn(key).length >= MAX_PENDING) return Promise.resolve(false);
      const id = randomHex(ID_BYTES);
      return new Promise<boolean>((resolve) => {
        let timer: Timer | null = null;
        const settle = (isAllowed: boolean) => {
          timer?.cancel();
          signal.removeEventListener("abort", refuse);
          waiting.delete(id);
          resolve(isAllowed);
        };
        const refuse = () => settle(false);
        timer = clock.setTimer(PATIENCE_MS, refuse);
        signal.addEventListener("abort", refuse);
        const approval = { id, title, askedOf };
        waiting.set(id, { ...approval, key, settle });
        onAsked(approval);
      });
    },
    decide(id, isAllowed) {
      const found = waiting.get(id);
      found?.settle(isAllowed);
      return found !== undefined;
    },
  };
}
