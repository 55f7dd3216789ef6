import { formatScope, type Scope } from "../session/memory-scope.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectNewestPlacements, selectPlacement } from "../store/memory-placements.ts";
import { havingWord } from "../store/memory-search.ts";
import type { Session } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import { promotionScope } from "./promotion.ts";
import { MAX_KNOWN_SHOWN } from "./prompts/extraction-prompt.ts";
import { placeOf } from "./source-place.ts";
import type { LogLine } from "./summary.ts";
import { newestVisible, searchedScope } from "./visible-memory.ts";
import type { VisibleScope } from "./visible-scopes.ts";
import { wordsOf } from "./words.ts";

/** Of these the session's own and the newest of each scope; the rest is what shares words with the lines. */
const MAX_OWN = 30;
const MAX_NEWEST = 10;
const MAX_MATCHES = 100;
/** What one line may contradict. */
const MAX_A_LINE = 4;
/** Words asked for, of the newest lines first: each is a query of some 50 microseconds. */
const MAX_WORDS = 300;
const tellsNothing = /^[a-z]{1,2}$/;
/** People whose memory is looked at: who said most. */
const MAX_PEOPLE = 8;

/**
 * What is known where the claims of these lines go to, what the lines are about first: so that it need not be found again, and
 * can be named when they contradict it. Where others read along, of a person only what was said in this chat: a model might repeat it.
 */
export function knownTo(db: Reader, session: Session, lines: readonly LogLine[]): Placement[] {
  const place = placeOf(session.source);
  const own = formatScope({ kind: "session", sessionId: session.sessionId });
  const said = lines.filter(({ role }) => role === "user");
  const chat = promotionScope({ about: "chat", author: null }, place);
  const people = speakersOf(said).map((author) => promotionScope({ about: "user", author }, place));
  const isPrivate = place.chatType === "dm";
  const targets = [chat, ...people]
    .filter((scope) => scope !== null)
    .map((scope): VisibleScope => ({ scope, isOfThisChatOnly: !isPrivate && scope !== chat }));
  const visible = [...new Map(targets.map((target) => [target.scope, target])).values()];
  const scopes = [own, ...visible.map((one) => searchedScope(one, place))];
  const found = [
    ...newest(db, own, "preliminary", MAX_OWN),
    ...matching(db, scopes, said),
    ...visible.flatMap((one) => newestVisible(db, one, place, MAX_NEWEST)),
  ];
  const byContent = new Map<string, Placement>();
  for (const one of found) if (!byContent.has(one.content)) byContent.set(one.content, one);
  return [...byContent.values()].slice(0, MAX_KNOWN_SHOWN);
}

/** Who spoke, whoever said most first. */
function speakersOf(said: readonly LogLine[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { senderId } of said) if (senderId !== null) counts.set(senderId, (counts.get(senderId) ?? 0) + 1);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, MAX_PEOPLE)
    .map(([senderId]) => senderId);
}

/** Of each line what shares most with it, the rarer words counting more; over all lines what shares most first. */
function matching(db: Reader, scopes: readonly string[], said: readonly LogLine[]): readonly Placement[] {
  const having = havingWord(db, scopes);
  const asked = new Map<string, ReturnType<typeof having>>();
  const best = new Map<number, number>();
  for (const { text } of said.toReversed()) {
    const scores = new Map<number, number>();
    for (const word of wordsOf(text)) {
      if (tellsNothing.test(word)) continue;
      const known = asked.get(word) ?? (asked.size < MAX_WORDS ? having(word) : null);
      if (known === null) continue;
      asked.set(word, known);
      for (const id of known.ids) scores.set(id, (scores.get(id) ?? 0) + known.weight);
    }
    const nearest = [...scores].sort(([, one], [, other]) => other - one).slice(0, MAX_A_LINE);
    for (const [id, score] of nearest) best.set(id, Math.max(best.get(id) ?? 0, score));
  }
  return [...best]
    .sort(([, one], [, other]) => other - one)
    .slice(0, MAX_MATCHES)
    .flatMap(([id]) => selectPlacement(db, id) ?? []);
}

function newest(db: Reader, scope: Scope, state: "preliminary" | "active", limit: number): readonly Placement[] {
  return selectNewestPlacements(db, { scope, state, before: Number.MAX_SAFE_INTEGER, limit });
}
