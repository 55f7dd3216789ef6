import {
  type DeliveryOrigin,
  type DeliveryTarget,
  formatDeliveryTarget,
  parseDeliveryTarget,
} from "./delivery-target.ts";

/** What is known of the platforms when targets become places. */
export interface TargetWorld {
  /** Platforms with a bot, the page's and the terminal's included. */
  readonly platforms: readonly string[];
  /** The names of a platform's bots, its first one first; empty for platforms without such names. */
  readonly accountsOf: (platform: string) => readonly string[];
  /** The home channel of a platform, or that of one of its bots; null when there is none. */
  readonly homeOf: (platform: string, account: string | null) => DeliveryOrigin | null;
}

/** Where something goes: a conversation, or a file that is sent to nobody. */
export type ResolvedTarget =
  | { readonly kind: "place"; readonly place: DeliveryOrigin; readonly text: string }
  | { readonly kind: "local"; readonly text: "local" };

/** The places that targets mean now, each once, and what is wrong with the others: sentences for whoever wrote them. */
export interface ResolvedTargets {
  readonly targets: readonly ResolvedTarget[];
  readonly problems: readonly string[];
}

/** Finds the places that targets mean now; two that mean the same place are one. `origin` is where they were written; null when in no chat. */
export function resolveTargets(
  texts: readonly string[],
  origin: DeliveryOrigin | null,
  world: TargetWorld,
): ResolvedTargets {
  const targets = new Map<string, ResolvedTarget>();
  const problems: string[] = [];
  for (const text of texts) {
    const target = parseDeliveryTarget(text, origin, world.platforms);
    const found = target.kind === "invalid" ? target.message : resolveTarget(target, origin, world);
    if (typeof found === "string") problems.push(found);
    else targets.set(found.text, found);
  }
  return { targets: [...targets.values()], problems };
}

/** The place a target means now, or what is wrong with it. */
export function resolveTarget(
  target: DeliveryTarget,
  origin: DeliveryOrigin | null,
  world: TargetWorld,
): ResolvedTarget | string {
  switch (target.kind) {
    case "local":
      return { kind: "local", text: "local" };
    case "origin":
      return target.origin === null ? { kind: "local", text: "local" } : placed(target.origin);
    case "home": {
      const { platform, account } = target;
      const wrong = wrongAccount(target, world);
      if (wrong !== null) return wrong;
      const home = world.homeOf(platform, account);
      if (home !== null) return placed(home);
      return `${formatDeliveryTarget(target)} has no home channel. Set platforms.${platform}.homeChannel, say /sethome in a chat, or name one: ${platform}:<chat_id>.`;
    }
    case "chat": {
      const { platform, chatId, threadId } = target;
      const wrong = wrongAccount(target, world);
      if (wrong !== null) return wrong;
      // Nobody named a bot: the one that was spoken to, where it is of this platform.
      const asked = origin?.platform === platform ? origin.account : null;
      const account = target.account ?? asked ?? world.accountsOf(platform)[0] ?? "default";
      return placed({ platform, account, chatId, threadId });
    }
  }
}

function wrongAccount(target: Extract<DeliveryTarget, { kind: "home" | "chat" }>, world: TargetWorld): string | null {
  const known = world.accountsOf(target.platform);
  if (target.account === null || known.includes(target.account)) return null;
  const expected = known.length === 0 ? "no bot to be named" : `one of the bots ${known.join(", ")}`;
  return `delivery target ${JSON.stringify(formatDeliveryTarget(target))}: expected ${expected} after @, got ${JSON.stringify(target.account)}.`;
}

/** A place that is known, as a target. */
export function placed({ platform, account, chatId, threadId }: DeliveryOrigin): ResolvedTarget {
  const text = formatDeliveryTarget({
    kind: "chat",
    platform,
    account: account === "default" ? null : account,
    chatId,
    threadId,
  });
  return { kind: "place", place: { platform, account, chatId, threadId }, text };
}
