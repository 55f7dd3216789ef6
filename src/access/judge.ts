import type { ChatType } from "../session/source.ts";
import { readAccessEntry } from "./entry.ts";

/**
 * How strangers are met. `pairing`: whoever an admin approved is let in too, and others can ask for it in a direct message;
 * `allowlist`: the list alone; `open`: everybody.
 */
export type AccessMode = "pairing" | "allowlist" | "open";

/** Who may speak to one bot, as configured. */
export interface AccessRules {
  readonly mode: AccessMode;
  /** Entries as `readAccessEntry` reads them. */
  readonly allow: readonly string[];
  /** `platform:userId` each: they may always speak, and run admin commands. */
  readonly admins: readonly string[];
  /** What differs in a chat, and in its threads, by chat id; each field takes the place of the one above. */
  readonly chats: Readonly<Record<string, { readonly mode?: AccessMode; readonly allow?: readonly string[] }>>;
}

/** The rules in the form in which messages are judged: made once, by `compileAccess`. */
export interface CompiledAccess {
  readonly admins: ReadonlySet<string>;
  readonly everywhere: CompiledPlace;
  readonly chats: ReadonlyMap<string, CompiledPlace>;
}

interface CompiledPlace {
  readonly mode: AccessMode;
  /** `platform:userId`. */
  readonly people: ReadonlySet<string>;
  /** Platforms on which everybody may speak. */
  readonly platforms: ReadonlySet<string>;
  /** `platform:chatId`. */
  readonly chats: ReadonlySet<string>;
  /** `platform:roleId`. */
  readonly roles: ReadonlySet<string>;
}

/** What is known of whoever wrote a message. */
export interface Sender {
  readonly platform: string;
  /** As `participantOf` says; null when nobody is known. */
  readonly userId: string | null;
  readonly chatId: string;
  readonly parentChatId: string | null;
  readonly chatType: ChatType;
  readonly roleIds: readonly string[];
  /** False for a chat that speaks as itself: an anonymous admin, a channel. */
  readonly isPerson: boolean;
}

/** What may be said of a sender. */
export type Verdict =
  | { readonly kind: "admitted"; readonly isAdmin: boolean }
  /** Unknown: told how to be let in where `mayPair`, else met with silence. */
  | { readonly kind: "stranger"; readonly mayPair: boolean };

const ADMIN: Verdict = { kind: "admitted", isAdmin: true };
const ADMITTED: Verdict = { kind: "admitted", isAdmin: false };
const ASKING: Verdict = { kind: "stranger", mayPair: true };
const IGNORED: Verdict = { kind: "stranger", mayPair: false };

/** Sorts the lists of a bot's rules into sets: once, at start, since every message is judged. */
export function compileAccess(rules: AccessRules): CompiledAccess {
  const chats = Object.entries(rules.chats).map(
    ([chatId, { mode = rules.mode, allow = rules.allow }]) => [chatId, compilePlace(mode, allow)] as const,
  );
  const admins = rules.admins.filter((admin) => readAccessEntry(admin)?.kind === "person");
  return { admins: new Set(admins), everywhere: compilePlace(rules.mode, rules.allow), chats: new Map(chats) };
}

function compilePlace(mode: AccessMode, allow: readonly string[]): CompiledPlace {
  const place = { people: new Set<string>(), platforms: new Set<string>(), chats: new Set<string>() };
  const roles = new Set<string>();
  for (const text of allow) {
    const entry = readAccessEntry(text);
    switch (entry?.kind) {
      case "person":
        place.people.add(`${entry.platform}:${entry.userId}`);
        break;
      case "everyone":
        place.platforms.add(entry.platform);
        break;
      case "chat":
        place.chats.add(`${entry.platform}:${entry.chatId}`);
        break;
      case "role":
        roles.add(`${entry.platform}:${entry.roleId}`);
        break;
      case undefined: // the configuration refuses it; here it lets nobody in
        break;
    }
  }
  return { mode, roles, ...place };
}

/**
 * Whether somebody may speak, by stable ids alone. `isPaired` is asked last, and only where approval counts: it may read the
 * database. Who is no person passes no list of people, is no admin, and cannot ask to be let in.
 */
export function judge(access: CompiledAccess, sender: Sender, isPaired: () => boolean): Verdict {
  const { platform, userId, isPerson } = sender;
  const person = isPerson && userId !== null ? `${platform}:${userId}` : null;
  if (person !== null && access.admins.has(person)) return ADMIN;
  const place = placeOf(access, sender);
  if (place.mode === "open" || isAllowed(place, sender, person)) return ADMITTED;
  if (place.mode !== "pairing" || person === null) return IGNORED;
  if (isPaired()) return ADMITTED;
  return sender.chatType === "dm" ? ASKING : IGNORED;
}

/** The rules of a thread, else of the chat it hangs in, else of the bot. */
function placeOf({ chats, everywhere }: CompiledAccess, { chatId, parentChatId }: Sender): CompiledPlace {
  if (chats.size === 0) return everywhere;
  return chats.get(chatId) ?? (parentChatId === null ? undefined : chats.get(parentChatId)) ?? everywhere;
}

function isAllowed(place: CompiledPlace, sender: Sender, person: string | null): boolean {
  const { platform, chatId, parentChatId, isPerson, roleIds } = sender;
  if (place.chats.size > 0) {
    if (place.chats.has(`${platform}:${chatId}`)) return true;
    if (parentChatId !== null && place.chats.has(`${platform}:${parentChatId}`)) return true;
  }
  if (!isPerson) return false;
  if (place.platforms.has(platform) || (person !== null && place.people.has(person))) return true;
  return place.roles.size > 0 && roleIds.some((roleId) => place.roles.has(`${platform}:${roleId}`));
}
