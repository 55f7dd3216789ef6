import { formatScope } from "../session/memory-scope.ts";
import { selectForgottenAt } from "../store/forgotten-marks.ts";
import type { Session } from "../store/session.ts";
import type { Reader } from "../store/sqlite.ts";
import type { ForgottenUntil } from "./learnable-lines.ts";
import { placeOf } from "./source-place.ts";
import type { LogLine } from "./summary.ts";

/** Who of those who speak in these lines asked to be forgotten, and whether the chat was: in a direct chat its person is everybody. */
export function forgottenUntil(db: Reader, session: Session, lines: readonly LogLine[]): ForgottenUntil {
  const { platform, account, chatId, chatType, userId } = placeOf(session.source);
  const ofPerson = (id: string) => selectForgottenAt(db, formatScope({ kind: "user", platform, account, userId: id }));
  const marks = [
    selectForgottenAt(db, formatScope({ kind: "chat", platform, account, chatId })),
    chatType === "dm" && userId !== null ? ofPerson(userId) : null,
  ].filter((mark) => mark !== null);
  const people = new Map<string, number>();
  for (const senderId of new Set(lines.flatMap((line) => line.senderId ?? []))) {
    const untilMs = ofPerson(senderId);
    if (untilMs !== null) people.set(senderId, untilMs);
  }
  return { everybody: marks.length === 0 ? null : Math.max(...marks), people };
}
