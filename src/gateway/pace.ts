import type { Clock } from "../clock/clock.ts";
import type { DeliveryError } from "../platform/delivery-error.ts";
import type { Lane } from "../store/outbox.ts";

/** How fast posts may leave. Limits are learned from what the platforms refuse: one chat's never holds up another's. */
export interface Pace {
  /** How long the next post of this lane has to wait; 0 books its place, so that it must be sent now. */
  waitMs(lane: Lane): number;
  /** How long the next change of a growing post in this chat has to wait; 0 books its place. */
  editWaitMs(lane: Lane): number;
  /** The platform refused a post of this lane as one too many. */
  limited(lane: Lane, error: DeliveryError): void;
}

/** Wait after a refusal that names no time. */
const UNSTATED_WAIT_MS = 1_000;
/** What the platforms recommend a chat, and the pace kept after a refusal. */
const SPACING_MS = 1_000;
/** The widest spacing repeated refusals lead to. */
const MAX_SPACING_MS = 8_000;
/** How long the pace of a refusal is kept. */
const MEMORY_MS = 60_000;
/** Growing posts change at most this often in a chat. */
const EDIT_SPACING_MS = 1_000;
/** Most chats remembered; above it, those whose limits have passed are forgotten. */
const MAX_CHATS = 10_000;

interface Limit {
  /** Nothing leaves before. */
  untilMs: number;
  /** Wall-clock time of the next free place. */
  nextMs: number;
  spacingMs: number;
  /** When the spacing is forgotten. */
  forgetAtMs: number;
}

/** Opens one; `maxPerSecondOf` says what an operator caps a bot at. */
export function openPace(
  clock: Pick<Clock, "monotonicMs">,
  maxPerSecondOf: (platform: string, account: string) => number | null,
): Pace {
  const chats = new Map<string, Limit>();
  const bots = new Map<string, Limit>();
  const edits = new Map<string, number>();

  const waitOn = (limit: Limit | undefined, nowMs: number): number => {
    if (limit === undefined) return 0;
    const spaced = nowMs < limit.forgetAtMs ? limit.nextMs : 0;
    return Math.max(0, limit.untilMs - nowMs, spaced - nowMs);
  };
  const book = (limit: Limit | undefined, nowMs: number) => {
    if (limit !== undefined && nowMs < limit.forgetAtMs) limit.nextMs = Math.max(nowMs, limit.nextMs) + limit.spacingMs;
  };
  const capOf = (lane: Lane): Limit | undefined => {
    const known = bots.get(botId(lane));
    if (known !== undefined) return known;
    const perSecond = maxPerSecondOf(lane.platform, lane.account);
    if (perSecond === null) return undefined;
    const made = { untilMs: 0, nextMs: 0, spacingMs: 1_000 / perSecond, forgetAtMs: Number.POSITIVE_INFINITY };
    bots.set(botId(lane), made);
    return made;
  };

  return {
    waitMs(lane) {
      const nowMs = clock.monotonicMs();
      const bot = capOf(lane);
      const chat = chats.size === 0 ? undefined : chats.get(chatId(lane));
      if (bot === undefined && chat === undefined) return 0;
      const waitMs = Math.max(waitOn(bot, nowMs), waitOn(chat, nowMs));
      if (waitMs > 0) return Math.ceil(waitMs);
      book(bot, nowMs);
      book(chat, nowMs);
      return 0;
    },
    editWaitMs(lane) {
      const nowMs = clock.monotonicMs();
      const id = chatId(lane);
      const lastMs = edits.get(id) ?? Number.NEGATIVE_INFINITY;
      const limits = [bots.get(botId(lane)), chats.get(id)].map((limit) => (limit?.untilMs ?? 0) - nowMs);
      const waitMs = Math.max(0, lastMs + EDIT_SPACING_MS - nowMs, ...limits);
      if (waitMs > 0) return Math.ceil(waitMs);
      if (edits.size >= MAX_CHATS) edits.clear();
      edits.set(id, nowMs);
      return 0;
    },
    limited(lane, error) {
      const nowMs = clock.monotonicMs();
      const isBot = error.scope === "bot";
      const limits = isBot ? bots : chats;
      const id = isBot ? botId(lane) : chatId(lane);
      if (limits.size >= MAX_CHATS) {
        for (const [known, limit] of limits) if (limit.forgetAtMs <= nowMs) limits.delete(known);
      }
      const known = isBot ? capOf(lane) : limits.get(id);
      const untilMs = nowMs + (error.retryAfterMs ?? UNSTATED_WAIT_MS);
      // A cap of the operator's is kept as it is; a chat that is refused again within the minute goes slower still.
      const isCap = known?.forgetAtMs === Number.POSITIVE_INFINITY;
      const isAgain = known !== undefined && nowMs < known.forgetAtMs;
      const widened = isAgain ? Math.min((known?.spacingMs ?? 0) * 2, MAX_SPACING_MS) : SPACING_MS;
      limits.set(id, {
        untilMs: Math.max(untilMs, known?.untilMs ?? 0),
        nextMs: untilMs,
        spacingMs: isCap ? (known?.spacingMs ?? 0) : isBot ? SPACING_MS / 20 : widened,
        forgetAtMs: isCap ? Number.POSITIVE_INFINITY : untilMs + MEMORY_MS,
      });
    },
  };
}

function botId({ platform, account }: Lane): string {
  return `${platform}@${account}`;
}

function chatId({ platform, account, chatId: id }: Lane): string {
  return `${platform}@${account}:${id}`;
}
