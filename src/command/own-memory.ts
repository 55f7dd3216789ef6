import { formatScope, type Scope } from "../session/memory-scope.ts";
import { participantOf } from "../session/source.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectNewestPlacements, selectPlacement, selectPlacementsAt } from "../store/memory-placements.ts";
import { findMemory, findNewestMemory, scopeInChat } from "../store/memory-search.ts";
import { selectLiveSession, selectSession } from "../store/sessions.ts";
import type { Tx } from "../store/writer.ts";
import type { CommandCall } from "./command.ts";

/** Memories of a scope looked at, the newest: what is older is found by its words. */
const LOOKED_AT = 200;
/** Scopes looked at that know the same in the same words. */
const MAX_SAME = 1_000;

/** What a memory is about, as people are told. */
export type MemorySection = "you" | "chat" | "conversation" | "everybody" | "aside";

/** A memory somebody may see where they ask. */
export interface OwnMemory {
  readonly placement: Placement;
  readonly section: MemorySection;
  /** Whether whoever asks may forget and correct it. */
  readonly isTheirs: boolean;
}

/** The scopes of whoever gave a command, where they gave it. */
export interface OwnScopes {
  /** Null where nobody is known: a post in the name of a channel. */
  readonly user: Scope | null;
  /** What is remembered for this place: in a direct chat, of its person. */
  readonly place: Scope | null;
  readonly isDirect: boolean;
}

/** Whose memory a command is about. */
export function ownScopes({ message: { source } }: Pick<CommandCall, "message">): OwnScopes {
  const { platform, account, chatId } = source;
  const userId = participantOf(source);
  const user = userId === null ? null : formatScope({ kind: "user", platform, account, userId });
  const isDirect = source.chatType === "dm";
  return { user, place: isDirect ? user : formatScope({ kind: "chat", platform, account, chatId }), isDirect };
}

/**
 * What whoever asks may see here, of some words or all of it: of themselves (where others read along, only what they said in this chat),
 * of the chat, what this conversation has learned of them, what is for all, and what was put aside; never of another person.
 */
export function ownMemory(call: CommandCall, words: string | null): readonly OwnMemory[] {
  const { tx } = call;
  return scopesOf(call).flatMap((shown) => {
    const { section, scope, searched, isShown } = shown;
    return placementsOf(tx, shown, words)
      .filter((placement) => searched !== scope || isShown(placement))
      .map((placement) => ({ placement, section, isTheirs: isTheirs(call, section, placement) }));
  });
}

function placementsOf(tx: Tx, { scope, state, searched }: ShownScope, words: string | null): readonly Placement[] {
  const placed = (ids: readonly number[]) => ids.flatMap((id) => selectPlacement(tx, id) ?? []);
  // What was put aside is in no index.
  if (words !== null && state !== "stashed")
    return placed(findMemory(tx, [searched], words, LOOKED_AT).map(({ id }) => id));
  if (searched !== scope) return placed(findNewestMemory(tx, searched, LOOKED_AT));
  const page = { scope, state, before: Number.MAX_SAFE_INTEGER, limit: LOOKED_AT };
  return selectNewestPlacements(tx, page).filter(
    ({ content }) => words === null || content.toLowerCase().includes(words.toLowerCase()),
  );
}

/** What whoever asks may forget and correct under this address; null for what is not there, or another's. */
export function ownMemoryAt(call: CommandCall, addr: string): OwnMemory | null {
  const same = selectPlacementsAt(call.tx, addr, MAX_SAME);
  for (const { scope, section, state } of scopesOf(call)) {
    const placement = same.find((one) => one.scope === scope && one.state === state);
    if (placement !== undefined && isTheirs(call, section, placement)) return { placement, section, isTheirs: true };
  }
  return null;
}

/** Whether what a person may forget may also be quoted here, where others may read along. */
export function isShownHere(call: CommandCall, { placement }: OwnMemory): boolean {
  return scopesOf(call).some(({ scope, isShown }) => scope === placement.scope && isShown(placement));
}

interface ShownScope {
  readonly scope: Scope;
  readonly section: MemorySection;
  readonly state: "active" | "preliminary" | "stashed";
  /** As the index is asked for it: a person's in a group only as far as they said it there, so that the rest takes nobody's place. */
  readonly searched: string;
  readonly isShown: (placement: Placement) => boolean;
}

function scopesOf(call: CommandCall): readonly ShownScope[] {
  const { user, place, isDirect } = ownScopes(call);
  const session = selectLiveSession(call.tx, call.key);
  const all = () => true;
  const active = { state: "active", isShown: all } as const;
  const found: ShownScope[] = [];
  if (user !== null) {
    const isShown = isDirect ? all : isOfThisChat(call);
    const searched = isDirect || place === null ? user : scopeInChat(user, place);
    found.push({ scope: user, searched, section: "you", state: "active", isShown });
    found.push({ scope: user, searched: user, section: "aside", state: "stashed", isShown });
  }
  if (place !== null && place !== user) found.push({ ...active, scope: place, searched: place, section: "chat" });
  if (session !== null) {
    const scope = formatScope({ kind: "session", sessionId: session.session_id });
    // Others speak in a shared conversation: what it has learned of them is theirs.
    const isShown = isDirect ? all : ({ author }: Placement) => author !== null && author === user;
    found.push({ scope, searched: scope, section: "conversation", state: "preliminary", isShown });
  }
  for (const scope of [formatScope({ kind: "agent", agentId: call.agentId }), formatScope({ kind: "global" })])
    found.push({ ...active, scope, searched: scope, section: "everybody" });
  return found;
}

function isTheirs(call: CommandCall, section: MemorySection, { author }: Placement): boolean {
  const { user, isDirect } = ownScopes(call);
  const isAuthor = author !== null && author === user;
  switch (section) {
    case "you":
    case "aside":
      return true;
    case "chat":
      return isAuthor || call.isAdmin;
    case "conversation":
      return isAuthor || isDirect;
    case "everybody":
      return false;
  }
}

/** Whether something was said in the chat of the command; what nobody knows the source of was not. */
function isOfThisChat({ tx, message: { source } }: CommandCall): (placement: Placement) => boolean {
  const known = new Map<string, boolean>();
  return ({ sourceSession: id }) => {
    if (id === null) return false;
    const before = known.get(id);
    if (before !== undefined) return before;
    const row = selectSession(tx, id);
    const isHere = row?.platform === source.platform && row.account === source.account && row.chat_id === source.chatId;
    known.set(id, isHere);
    return isHere;
  };
}
