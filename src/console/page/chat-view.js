import { ApiError, ask } from "./api.js";
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { byId } from "./element.js";
import { growingAnswers } from "./growing-answers.js";
import { keyedList } from "./keyed-list.js";
import { messageItem } from "./message-item.js";
import { saidCommands } from "./said-commands.js";
import { sessionState } from "./session-state.js";
import { fetchTrees } from "./trees.js";

/** Whose chat this page is: every tab shows the same one. */
export const PLACE = { chatId: "console", userId: "console" };

const PAGE = 50;
/** Who is nearer to the end than this, in pixels, follows it. */
const NEAR_END_PX = 80;

/**
 * The conversation with the agent.
 * @param {{ readonly openRename: (session: any, done: () => void) => void }} options
 */
export function chatView({ openRename }) {
  const title = byId("chat-title", HTMLHeadingElement);
  const state = byId("chat-state", HTMLParagraphElement);
  const rename = byId("chat-rename", HTMLButtonElement);
  const scroll = byId("chat-scroll", HTMLDivElement);
  const earlier = byId("chat-earlier", HTMLButtonElement);
  const toEnd = byId("to-end", HTMLButtonElement);
  const talk = conversation();
  const commands = saidCommands();
  const growing = growingAnswers(() => drawSoon());
  const show = keyedList(
    byId("chat-log", HTMLOListElement),
    (/** @type {import("./conversation.js").Item} */ item) => item.key,
    (item) =>
      messageItem(item, {
        nowMs: Date.now(),
        onRetry: () => void deliver(item),
        onPress(command) {
          if (item.outboxId === undefined) return;
          talk.pressed(item.outboxId);
          say(command, { pressed: item.outboxId });
          // What was pressed is gone, and with it the focus.
          if (matchMedia("(pointer: fine)").matches) writing.focus();
        },
      }),
  );
  /** @type {any} */
  let session = null;
  /** @type {number | null} */
  let before = null;
  let isLoaded = false;
  let isDrawn = true;
  let followsEnd = true;

  const draw = () => {
    isDrawn = true;
    show([...talk.items(), ...growing.items()]);
    byId("stop", HTMLButtonElement).hidden = !growing.isAnyRunning();
    const doing = growing.doing();
    byId("doing", HTMLSpanElement).textContent = doing;
    byId("typing", HTMLParagraphElement).hidden = !growing.isAnySilent() && doing === "";
    byId("chat-empty", HTMLParagraphElement).hidden = !isLoaded || talk.items().length > 0;
    earlier.hidden = before === null;
    if (followsEnd) scroll.scrollTop = scroll.scrollHeight;
  };
  /** Many small pieces arrive between two frames: they are shown together. */
  const drawSoon = () => {
    if (!isDrawn) return;
    isDrawn = false;
    // A hidden tab gets no frames.
    if (document.hidden) queueMicrotask(draw);
    else requestAnimationFrame(draw);
  };
  const nearEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX;
  scroll.addEventListener("scroll", () => {
    followsEnd = nearEnd();
    if (followsEnd) toEnd.hidden = true;
  });
  new ResizeObserver(() => {
    if (followsEnd) scroll.scrollTop = scroll.scrollHeight;
  }).observe(scroll);
  toEnd.addEventListener("click", () => {
    followsEnd = true;
    toEnd.hidden = true;
    scroll.scrollTop = scroll.scrollHeight;
    writing.focus();
  });

  const deliver = async (/** @type {import("./conversation.js").Item} */ item) => {
    const { messageId = "", text, pressed, references } = item;
    talk.settle(messageId, "sending");
    drawSoon();
    try {
      await ask("POST", "/api/messages", { ...PLACE, text, messageId, pressed, attachments: await references?.() });
      talk.settle(messageId, "done");
    } catch (error) {
      talk.settle(messageId, "failed", error instanceof ApiError ? error.message : "Not sent.");
    }
    drawSoon();
  };
  const say = (/** @type {string} */ text, /** @type {import("./conversation.js").Besides} */ besides = {}) => {
    followsEnd = true;
    void deliver(talk.sending(newMessageId(), text, besides));
  };
  const writing = composer({ name: PLACE.chatId, send: say });
  byId("stop", HTMLButtonElement).addEventListener("click", () => {
    say("/stop");
    writing.focus();
  });
  byId("chat-new", HTMLButtonElement).addEventListener("click", () => {
    say("/new");
    writing.focus();
  });
  rename.addEventListener("click", () => openRename(session, () => void loadSession()));

  const loadSession = async () => {
    const page = await ask("GET", `/api/sessions?platform=web&chatId=${PLACE.chatId}&live=true&limit=1`);
    session = page.sessions[0] ?? null;
    title.textContent = session?.title ?? "Chat with the agent";
    state.textContent = session === null ? "a new conversation" : sessionState(session, Date.now());
    rename.disabled = session === null;
  };
  const addLines = async (/** @type {readonly any[]} */ lines) => {
    await fetchTrees(lines.filter(({ role }) => role === "assistant").map(({ content }) => content));
    talk.addLines(lines);
  };
  /** Replies to commands, and what else no transcript has. @type {readonly any[]} */
  let lately = [];
  /** Those posts that belong to the lines that are here: what is earlier comes with its lines. */
  const addPosts = () => {
    const fromMs = before === null ? 0 : (talk.items()[0]?.atMs ?? 0);
    const posts = lately.filter(({ atMs }) => atMs >= fromMs);
    for (const command of commands.answeredBy(posts)) talk.take({ kind: "message", ...command });
    talk.addPosts(posts);
  };
  /** Fetches the newest lines and puts in what is not here yet. */
  const load = async () => {
    await loadSession();
    if (session !== null) {
      const page = await ask("GET", `/api/sessions/${session.sessionId}/messages?limit=${PAGE}`);
      const { posts } = await ask("GET", `/api/sessions/${session.sessionId}/posts`);
      if (!isLoaded) before = page.next;
      await fetchTrees(posts.map((/** @type {any} */ post) => post.text));
      await addLines(page.messages);
      lately = posts;
      addPosts();
    }
    isLoaded = true;
    draw();
  };
  earlier.addEventListener("click", async () => {
    const path = `/api/sessions/${session.sessionId}/messages?limit=${PAGE}&before=${before}`;
    const page = await ask("GET", path).catch(() => null);
    // The banner says that there is no connection; the button stays for another try.
    if (page === null) return;
    await addLines(page.messages);
    const fromEnd = scroll.scrollHeight - scroll.scrollTop;
    before = page.next;
    addPosts();
    followsEnd = false;
    draw();
    scroll.scrollTop = scroll.scrollHeight - fromEnd;
  });
  const takeNow = async (/** @type {any} */ event) => {
    // An answer that has grown formatted is not to lose its form for a moment when it is whole.
    if (event.kind === "post") await fetchTrees([event.text]);
    if (event.kind === "message") commands.note(event);
    growing.take(event);
    if (talk.take(event)) {
      if (!followsEnd) toEnd.hidden = false;
      byId("announcer", HTMLParagraphElement).textContent =
        `${event.postKind === "reply" ? "Agent" : "Parley"}: ${event.text.slice(0, 500)}`;
    }
    drawSoon();
  };
  /** Events are taken one after the other, in order. */
  let taken = Promise.resolve();
  setInterval(() => {
    if (session !== null) state.textContent = sessionState(session, Date.now());
  }, 30_000);

  return {
    load,
    loadSession,
    focus: () => writing.focus(),
    seen: () => writing.seen(),
    limitFiles: writing.limitFiles,
    /** Shows another session than before: it was reset or resumed from elsewhere. */
    async startOver() {
      talk.clear();
      growing.clear();
      before = null;
      isLoaded = false;
      await load();
    },
    sessionId: () => session?.sessionId ?? null,
    /** The connection is back: what could not be sent is sent again; it is the same message, so that it arrives once. */
    async catchUp() {
      // Nobody knows any more which turns run.
      growing.clear();
      await load();
      for (const item of talk.items()) {
        if (item.state === "failed" && item.messageId !== undefined) void deliver(item);
      }
    },
    /**
     * @param {any} event
     */
    take(event) {
      taken = taken.then(() => takeNow(event));
    },
  };
}

/** An id of our own making, so that a message that is sent twice arrives once. 128 random bits. */
function newMessageId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
