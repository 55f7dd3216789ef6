import type { Answer, ChatEvent } from "./chat-door.ts";
import { visibleLines } from "./shown-text.ts";

/** What a conversation looks like while it goes on: one question at a time, its answer as it grows, and what others say. */
export interface ChatScreen {
  /** A question was sent. */
  asked(messageId: string): void;
  event(event: ChatEvent): void;
  /** Its whole answer came, or nobody waits for it any more: shows what was not shown yet. */
  settled(answer: Answer): void;
  /** A line of our own. */
  note(words: string): void;
}

/** Where the screen writes: text that is safe for a terminal. */
export interface ScreenOutput {
  write(text: string): void;
  /** Shows, or takes away, the sign that somebody is at work. */
  working(isShown: boolean): void;
  /** Lets `write` show something while the person may be typing: their line is taken away before it, and put back after. */
  aside(write: () => void): void;
}

/** Answered messages remembered for events that come late. */
const MAX_SETTLED = 100;

interface Current {
  readonly messageId: string;
  /** Null until the conversation tells of it. */
  inboxId: number | null;
  /** What came of the answer so far, and how much of it is on the screen. */
  streamed: string;
  shownLength: number;
}
type Post = Extract<ChatEvent, { kind: "post" }>;

/** Opens a screen. Events may be lost, late or repeated: the answer given to `settled` is what counts. */
export function openChatScreen(output: ScreenOutput): ChatScreen {
  let current: Current | null = null;
  let held: { readonly post: Post | null; show(): void }[] = [];
  const settledIds = new Set<number>();

  const line = (text: string) => output.write(`${visibleLines(text)}\n`);
  const endStream = (of: Current) => {
    if (of.shownLength > 0) output.write("\n");
    of.streamed = "";
    of.shownLength = 0;
  };
  /** Shows it now, or after the answer that is being waited for. */
  const later = (post: Post | null, show: () => void) => {
    if (current === null) output.aside(show);
    else held.push({ post, show });
  };
  const ofCurrent = (inboxId: number | null): Current | null =>
    current !== null && inboxId !== null && current.inboxId === inboxId ? current : null;
  /** Something of our own in the middle of an answer. */
  const between = (show: () => void) => {
    if (current === null) {
      output.aside(show);
      return;
    }
    output.working(false);
    endStream(current);
    show();
    output.working(true);
  };

  const stream = (of: Current, text: string) => {
    of.streamed += text;
    // Half a character waits for its other half.
    const end = of.streamed.length - (/[\ud800-\udbff]$/.test(of.streamed) ? 1 : 0);
    if (end <= of.shownLength) return;
    if (of.shownLength === 0) output.working(false);
    output.write(visibleLines(of.streamed.slice(of.shownLength, end)));
    of.shownLength = end;
  };

  const showPost = (post: Post) => {
    if (post.inboxId !== null && settledIds.has(post.inboxId)) return;
    if (ofCurrent(post.inboxId) === null) later(post, () => line(post.text));
    // The answer is shown by `settled`; a notice comes beside it. A command's reply may be either: it waits.
    else if (post.postKind === "notice") between(() => line(post.text));
    else if (post.postKind === "command") held.push({ post, show: () => line(post.text) });
  };

  return {
    asked(messageId) {
      current = { messageId, inboxId: null, streamed: "", shownLength: 0 };
      output.working(true);
    },
    event(event) {
      switch (event.kind) {
        case "message":
          if (current?.messageId === event.messageId) current.inboxId = event.inboxId;
          else later(null, () => line(`${event.userName ?? "somebody"}: ${event.text}`));
          break;
        case "turn_started": {
          const of = ofCurrent(event.inboxId);
          if (of === null) break;
          // What a command replied (`/new text`) stands before the answer; what was streamed before was cut off by the end of its daemon.
          const replies = held.filter(({ post }) => post?.inboxId === event.inboxId);
          held = held.filter((one) => !replies.includes(one));
          const showReplies = () => {
            for (const { show } of replies) show();
          };
          if (of.shownLength > 0 || replies.length > 0) between(showReplies);
          break;
        }
        case "delta": {
          const of = ofCurrent(event.inboxId);
          if (of !== null) stream(of, event.text);
          break;
        }
        case "post":
          showPost(event);
          break;
      }
    },
    settled(answer) {
      const of = current;
      if (of === null) return;
      current = null;
      output.working(false);
      const isWhole = answer.kind === "answered" && answer.text.startsWith(of.streamed);
      if (!isWhole) endStream(of);
      const shown = held;
      held = [];
      if (answer.kind === "answered") {
        remember(settledIds, answer.inboxId);
        line(answer.text.slice(of.shownLength));
      } else {
        line(answer.kind === "refused" ? answer.message : "(no longer waiting; the answer is shown when it comes)");
      }
      for (const { post, show } of shown) if (!isAnswer(post, answer)) show();
    },
    note: (words) => between(() => line(`(${words})`)),
  };
}

/** Whether a post that was held is what `settled` has shown. */
function isAnswer(post: Post | null, answer: Answer): boolean {
  if (post === null || answer.kind !== "answered" || post.inboxId !== answer.inboxId) return false;
  return post.postKind !== "notice" && (post.postKind !== "command" || post.text === answer.text);
}

function remember(ids: Set<number>, id: number): void {
  ids.add(id);
  const [oldest] = ids;
  if (ids.size > MAX_SETTLED && oldest !== undefined) ids.delete(oldest);
}
