import { formatScope, type Scope } from "../session/memory-scope.ts";
import type { Placement } from "../store/memory-placement.ts";
import { selectNewestPlacements, selectPlacement } from "../store/memory-placements.ts";
import { findMemoryOfWords } from "../store/memory-search.ts";
import type { Session } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import { promotionScope } from "./promotion.ts";
import { MAX_KNOWN_SHOWN } from "./prompts/extraction-prompt.ts";
import { saidIn } from "./said-in.ts";
import { placeOf } from "./source-place.ts";
import type { LogLine } from "./summary.ts";
import { wordsOf } from "./words.ts";

/** Of these the session's own and the newest of each scope; the rest is what shares words with the lines. */
const MAX_OWN = 30;
const MAX_NEWEST = 10;
const MAX_MATCHES = 200;
/** Words asked for: each is a query. */
const MAX_WORDS = 120;
const MIN_WORD_LENGTH = 4;
/** People whose memory is looked at: who said most. */
const MAX_PEOPLE = 8;

/**
 * What is known where the claims of these lines go to, what the lines are about first: so that it need not be found again, and
 * can be named when they contradict it. Where others read along, of a person only what was said in this chat: a model might repeat it.
 */
export function knownTo(db: Reader, session: Session, lines: readonly LogLine[]): string[] {
  const place = placeOf(session.source);
  const own = formatScope({ kind: "session", sessionId: session.sessionId });
  const said = lines.filter(({ role }) => role === "user");
  const chat = promotionScope({ about: "chat", author: null }, place);
  const people = speakersOf(said).map((author) => promotionScope({ about: "user", author }, place));
  const persons = new Set<string | null>(people);
  const scopes = [...new Set([own, chat, ...people].filter((scope): scope is Scope => scope !== null))];
  const isHere = saidIn(db, place);
  const isPrivate = place.chatType === "dm";
  const mayBeShown = ({ scope, sourceSession }: Placement) => isPrivate || !persons.has(scope) || isHere(sourceSession);
  const found = [
    ...newest(db, own, "preliminary", MAX_OWN),
    ...matching(db, scopes, said),
    ...scopes.filter((scope) => scope !== own).flatMap((scope) => newest(db, scope, "active", MAX_NEWEST)),
  ];
  const contents = found.filter(mayBeShown).map(({ content }) => content);
  return [...new Set(contents)].slice(0, MAX_KNOWN_SHOWN);
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

/** What shares words with the lines, the rarer ones counting more. */
function matching(db: Reader, scopes: readonly Scope[], said: readonly LogLine[]): readonly Placement[] {
  const words = new Set(said.flatMap(({ text }) => [...wordsOf(text)]));
  // Long words are rare ones, by and large; articles tell nothing.
  const telling = [...words].filter((word) => word.length >= MIN_WORD_LENGTH || word.charCodeAt(0) >= 128);
  const asked = telling.sort((one, other) => other.length - one.length).slice(0, MAX_WORDS);
  return findMemoryOfWords(db, scopes, asked, MAX_MATCHES).flatMap(({ id }) => selectPlacement(db, id) ?? []);
}

function newest(db: Reader, scope: Scope, state: "preliminary" | "active", limit: number): readonly Placement[] {
  return selectNewestPlacements(db, { scope, state, before: Number.MAX_SAFE_INTEGER, limit });
}
