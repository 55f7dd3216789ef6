/** A session as it must be. */
export interface ModelSession {
  /** The program's id of it, once it has shown one. */
  id: string | null;
  /** `role text`, in order. */
  lines: string[];
  isLive: boolean;
  isDeleted: boolean;
  lastActiveMs: number;
}

/** What must be true of one conversation, told as simply as can be: it knows no rows, queues or retries. */
export interface ReferenceChat {
  /** In the order in which they were begun. */
  readonly sessions: ModelSession[];
  /** What the agent has said here, each of which a person must read once. */
  readonly answers: string[];
  /** What the agent must have been told at its last turn. */
  readonly turns: { readonly asked: string; readonly history: readonly string[] }[];
}

/** A conversation that has not begun. */
export function referenceChat(): ReferenceChat {
  return { sessions: [], answers: [], turns: [] };
}

/** Somebody says something at `nowMs`: after `idleMs` of silence in a fresh session. */
export function hear(chat: ReferenceChat, text: string, nowMs: number, idleMs: number): void {
  const live = liveOf(chat);
  const isOld = live !== null && nowMs > live.lastActiveMs + idleMs;
  if (live === null || isOld) startAfresh(chat, nowMs);
  enter(chat, text, nowMs);
}

/** A line is entered into the live session, and its turn begins. */
export function enter(chat: ReferenceChat, text: string, nowMs: number): void {
  const live = liveOf(chat);
  if (live === null) return;
  chat.turns.push({ asked: text, history: [...live.lines] });
  live.lines.push(`user ${text}`);
  live.lastActiveMs = nowMs;
}

/** The agent answers, or fails (null). */
export function answer(chat: ReferenceChat, text: string | null): void {
  if (text === null) return;
  liveOf(chat)?.lines.push(`assistant ${text}`);
  chat.answers.push(text);
}

/** `/new` and `/reset`. */
export function startAfresh(chat: ReferenceChat, nowMs: number): void {
  const live = liveOf(chat);
  if (live !== null) live.isLive = false;
  chat.sessions.push({ id: null, lines: [], isLive: true, isDeleted: false, lastActiveMs: nowMs });
}

/** `/resume ID`. */
export function goBackTo(chat: ReferenceChat, id: string, nowMs: number): void {
  const target = chat.sessions.find((session) => session.id === id && !session.isDeleted);
  if (target === undefined || target.isLive) return;
  const live = liveOf(chat);
  if (live !== null) live.isLive = false;
  target.isLive = true;
  target.lastActiveMs = nowMs;
}

/** `/undo n`: an exchange is what people said until they were answered, and what followed until they spoke again. */
export function takeBackLast(chat: ReferenceChat, count: number): void {
  const live = liveOf(chat);
  if (live === null) return;
  for (let n = 0; n < count; n++) {
    while (live.lines.length > 0 && !isUser(live.lines.at(-1))) live.lines.pop();
    while (isUser(live.lines.at(-1))) live.lines.pop();
  }
}

/** `/retry`: returns what is asked again, or null when there is nothing. */
export function askAgain(chat: ReferenceChat, nowMs: number): string | null {
  const live = liveOf(chat);
  const last = live?.lines.findLastIndex(isUser) ?? -1;
  const line = live?.lines[last];
  if (live === null || line === undefined) return null;
  live.lines.length = last + 1;
  live.lastActiveMs = nowMs;
  const asked = line.slice("user ".length);
  chat.turns.push({ asked, history: live.lines.slice(0, last) });
  return asked;
}

/** A session is deleted. */
export function forget(chat: ReferenceChat, id: string): void {
  for (const session of chat.sessions) {
    if (session.id !== id) continue;
    session.isDeleted = true;
    session.isLive = false;
    session.lines = [];
  }
}

/** The live session, or null. */
export function liveOf(chat: ReferenceChat): ModelSession | null {
  return chat.sessions.find(({ isLive }) => isLive) ?? null;
}

function isUser(line: string | undefined): boolean {
  return line?.startsWith("user ") === true;
}
