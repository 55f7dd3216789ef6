import { ask } from "./api.js";
import { archiveItem } from "./archive-item.js";
import { filesOf } from "./conversation.js";
import { byId } from "./element.js";
import { keyedList } from "./keyed-list.js";
import { messageItem } from "./message-item.js";
import { searchBox } from "./search-box.js";
import { sessionName, sessionPlace, sessionState } from "./session-state.js";
import { fetchTrees } from "./trees.js";

const PAGE = 50;
/** Lines shown after the one that a link leads to. */
const AFTER_TARGET = 20;
const TICK_MS = 10_000;

/** What the roles of a transcript are called. @type {Readonly<Record<string, string>>} */
const roleNames = { user: "Person", assistant: "Agent", system: "System", tool: "Tool" };

/**
 * The transcript of any session, page by page.
 * @param {object} options
 * @param {(session: any, done: () => void) => void} options.openRename
 * @param {(sessionId: string) => boolean} options.isChat whether this is the session of the page's own chat
 * @param {(session: any) => void} options.onReset called with the fresh session, after resets and resumes
 */
export function transcriptView({ openRename, isChat, onReset }) {
  const title = byId("transcript-title", HTMLHeadingElement);
  const state = byId("transcript-state", HTMLParagraphElement);
  const log = byId("transcript-log", HTMLOListElement);
  const problem = byId("transcript-problem", HTMLParagraphElement);
  const earlier = byId("earlier", HTMLButtonElement);
  const later = byId("later", HTMLButtonElement);
  const scroll = byId("transcript-scroll", HTMLDivElement);
  const show = keyedList(
    log,
    (/** @type {any} */ one) => (one.archiveId === undefined ? String(one.seq) : `archive ${one.archiveId}`),
    (one) => (one.archiveId === undefined ? lineItem(one) : archiveItem(one, mergedInto(one), session.sessionId)),
  );
  /** @type {any} */
  let session = null;
  /** @type {any[]} */
  let lines = [];
  /** Every archive, those that became one with others included. @type {any[]} */
  let archives = [];
  const mergedInto = (/** @type {any} */ { archiveId }) => archives.filter((one) => one.mergedInto === archiveId);

  const inside = searchBox({
    form: byId("inside-form", HTMLFormElement),
    input: byId("inside", HTMLInputElement),
    list: byId("inside-hits", HTMLUListElement),
    more: null,
    scope: () => `&sessionId=${session?.sessionId}`,
    onChange: () => {},
  });

  const showHead = () => {
    title.textContent = sessionName(session);
    state.textContent = `${sessionPlace(session)} · ${sessionState(session, Date.now())} · ${count(session.messageCount)}`;
    byId("transcript-reset", HTMLButtonElement).hidden = session.state !== "live" || session.messageCount === 0;
    byId("transcript-resume", HTMLButtonElement).hidden = session.state === "live";
    byId("transcript-continue", HTMLAnchorElement).hidden = !isChat(session.sessionId);
  };
  const showLines = () => {
    show(withArchives(lines, archives));
    earlier.hidden = (lines[0]?.seq ?? 1) <= 1;
    later.hidden = (lines.at(-1)?.seq ?? 0) >= session.messageCount;
  };
  /** Shows what went wrong where it was asked for. */
  const trying = async (/** @type {() => Promise<void>} */ act) => {
    problem.textContent = "";
    try {
      await act();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const page = async (/** @type {number | null} */ before, limit = PAGE) => {
    const position = before === null ? "" : `&before=${before}`;
    const { messages } = await ask("GET", `/api/sessions/${session.sessionId}/messages?limit=${limit}${position}`);
    await fetchTrees(messages.flatMap((/** @type {any} */ line) => (line.role === "assistant" ? [line.content] : [])));
    return messages;
  };
  const loadArchives = async () => {
    const fetched = (await ask("GET", `/api/sessions/${session.sessionId}/archives?merged=true`)).archives;
    // One that says the same stays the one that is shown: whoever has opened it reads on.
    const known = new Map(archives.map((one) => [JSON.stringify(one), one]));
    archives = fetched.map((/** @type {any} */ one) => known.get(JSON.stringify(one)) ?? one);
  };
  const reload = () =>
    trying(async () => {
      session = await ask("GET", `/api/sessions/${session.sessionId}`);
      await loadArchives();
      const wasAtEnd = later.hidden;
      showHead();
      if (wasAtEnd) lines = merged(lines, await page(null));
      showLines();
    });

  // What is said in other places comes without an event.
  setInterval(() => {
    if (session?.state === "live" && scroll.checkVisibility() && !document.hidden) void reload();
  }, TICK_MS);

  earlier.addEventListener("click", () =>
    trying(async () => {
      const fromEnd = scroll.scrollHeight - scroll.scrollTop;
      lines = merged(lines, await page(lines[0].seq));
      showLines();
      scroll.scrollTop = scroll.scrollHeight - fromEnd;
    }),
  );
  later.addEventListener("click", () =>
    trying(async () => {
      const last = lines.at(-1).seq;
      // Lines are numbered without gaps: the page before this number is the one after what is shown.
      lines = merged(lines, await page(last + 1 + PAGE));
      showLines();
    }),
  );
  byId("transcript-rename", HTMLButtonElement).addEventListener("click", () =>
    openRename(session, () => void reload()),
  );
  const act = (/** @type {string} */ id, /** @type {string} */ verb) =>
    byId(id, HTMLButtonElement).addEventListener("click", () =>
      trying(async () => {
        onReset(await ask("POST", `/api/sessions/${session.sessionId}/${verb}`));
        await reload();
        title.focus();
      }),
    );
  act("transcript-reset", "reset");
  act("transcript-resume", "resume");

  return {
    /**
     * @param {string} sessionId
     * @param {number | null} seq the line to show; the newest ones when null
     */
    open(sessionId, seq) {
      return trying(async () => {
        if (session?.sessionId !== sessionId) {
          inside.clear();
          show([]);
        }
        session = await ask("GET", `/api/sessions/${sessionId}`);
        await loadArchives();
        lines = await page(seq === null ? null : seq + AFTER_TARGET + 1);
        showHead();
        showLines();
        const target = seq === null ? null : log.querySelector(`[data-seq="${seq}"]`);
        if (target instanceof HTMLElement) {
          target.classList.add("target");
          target.setAttribute("tabindex", "-1");
          target.focus({ preventScroll: true });
          target.scrollIntoView({ block: "center" });
        } else {
          scroll.scrollTop = scroll.scrollHeight;
          title.focus({ preventScroll: true });
        }
      });
    },
    /** @param {string} sessionId */
    changed(sessionId) {
      if (session?.sessionId === sessionId) void reload();
    },
  };
}

/**
 * Both pages in order; a line that is in both stays the one that is shown.
 * @param {readonly any[]} shown
 * @param {readonly any[]} fetched
 */
function merged(shown, fetched) {
  const bySeq = new Map(shown.map((line) => [line.seq, line]));
  for (const line of fetched) if (bySeq.get(line.seq)?.content !== line.content) bySeq.set(line.seq, line);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * The lines, and after the last one of each archive what stands for them.
 * @param {readonly any[]} lines
 * @param {readonly any[]} archives
 */
function withArchives(lines, archives) {
  const live = new Map(archives.filter((one) => one.mergedInto === null).map((one) => [one.toSeq, one]));
  return lines.flatMap((line) => {
    const archive = live.get(line.seq);
    return archive === undefined ? [line] : [line, archive];
  });
}

/** @param {any} line */
function lineItem({ seq, role, content, atMs, senderName, extra }) {
  const who = role === "user" ? (senderName ?? "Person") : (roleNames[role] ?? role);
  const item = messageItem(
    { role, who, text: content, atMs, files: filesOf(extra), state: "done" },
    { nowMs: Date.now() },
  );
  item.dataset.seq = String(seq);
  return item;
}

/** @param {number} messages */
function count(messages) {
  return messages === 1 ? "1 message" : `${messages} messages`;
}
