/**
 * The messages of the chat, in order: what was said before, what is said now, what is on its way. Plain data; `chat-view.js` shows it.
 * @typedef {import("./message-item.js").ShownMessage & { readonly key: string, readonly messageId?: string, readonly pressed?: number }} Item
 */

/** Makes an empty conversation. */
export function conversation() {
  /** @type {Item[]} */
  let items = [];

  const put = (/** @type {Item} */ item) => {
    const place = items.findIndex(({ key }) => key === item.key);
    if (place >= 0) {
      items[place] = item;
      return false;
    }
    // What comes late (after a lost connection) still stands where it belongs; one's own unsent messages stay last.
    let end = items.length;
    while (end > 0 && isAfter(items[end - 1], item)) end -= 1;
    items.splice(end, 0, item);
    return true;
  };

  return {
    /** @returns {readonly Item[]} */
    items: () => items,
    /** Forgets everything but what has not been sent yet. */
    clear() {
      items = items.filter(({ state }) => state !== "done");
    },
    /**
     * Puts in lines of a transcript that are not here yet.
     * @param {readonly { role: Item["role"], content: string, atMs: number, messageId: string | null }[]} lines
     */
    addLines(lines) {
      for (const line of lines) {
        const item = itemOfLine(line);
        // A post that is here already knows of its buttons as well.
        if (!items.some((post) => isPostOf(post, item))) put(item);
      }
    },
    /**
     * Puts in posts that are not here yet, and what transcripts don't say of those that are: their files and buttons.
     * @param {readonly any[]} posts
     */
    addPosts(posts) {
      for (const item of posts.map(itemOfPost)) {
        const place = items.findIndex((line) => line.outboxId === undefined && isPostOf(item, line));
        if (place >= 0) items[place] = item;
        else put(item);
      }
    },
    /**
     * @param {string} messageId
     * @param {string} text
     * @param {number} [pressed] the post whose button says it
     */
    sending(messageId, text, pressed) {
      const press = pressed === undefined ? {} : { pressed };
      const key = `m:${messageId}`;
      put({ key, messageId, role: "user", who: "You", text, atMs: Date.now(), state: "sending", ...press });
    },
    /**
     * A post's buttons have done their work.
     * @param {number} outboxId
     */
    pressed(outboxId) {
      const item = items.find((one) => one.outboxId === outboxId);
      if (item !== undefined) put({ ...item, buttons: [] });
    },
    /**
     * What became of a message that was sent.
     * @param {string} messageId
     * @param {"done" | "sending" | "failed"} state
     * @param {string} [problem]
     */
    settle(messageId, state, problem) {
      const item = items.find(({ key }) => key === `m:${messageId}`);
      if (item === undefined || (item.state === "done" && state !== "done")) return;
      put(problem === undefined ? { ...item, state } : { ...item, state, problem });
    },
    /**
     * Takes an event of the chat; true when it brought a whole new message of the daemon's.
     * @param {any} event
     */
    take(event) {
      switch (event.kind) {
        case "message": {
          const { messageId, text, atMs, userName } = event;
          put({ key: `m:${messageId}`, messageId, role: "user", who: userName ?? "You", text, atMs, state: "done" });
          return false;
        }
        case "post":
          return put(itemOfPost(event));
        case "pressed":
          this.pressed(event.outboxId);
          return false;
        default:
          return false;
      }
    },
  };
}

/**
 * Whether a post says what a transcript's line says. A stopped answer's post says besides that it was stopped.
 * @param {Item} post
 * @param {Item} line
 */
function isPostOf(post, line) {
  if (post.outboxId === undefined || line.role !== "assistant") return false;
  return post.kind === "reply" && post.atMs === line.atMs && post.text.startsWith(line.text);
}

/**
 * @param {Item | undefined} earlier
 * @param {Item} item
 */
function isAfter(earlier, item) {
  if (earlier === undefined || item.state !== "done") return false;
  return earlier.state !== "done" || earlier.atMs > item.atMs;
}

/**
 * @param {{ role: Item["role"], content: string, atMs: number, messageId: string | null, senderName?: string | null }} line
 * @returns {Item}
 */
function itemOfLine({ role, content, atMs, messageId, senderName }) {
  if (role === "user" && messageId !== null) {
    return { key: `m:${messageId}`, messageId, role, who: senderName ?? "You", text: content, atMs, state: "done" };
  }
  return { ...answer(content, atMs, "reply"), role };
}

/**
 * @param {any} post
 * @returns {Item}
 */
function itemOfPost({ text, atMs, postKind, outboxId, buttons, file }) {
  return { ...answer(text, atMs, postKind), outboxId, buttons, file };
}

/**
 * A post, or a transcript's line of it: both carry the time of one transaction, so that either is known to be the other.
 * @param {string} text
 * @param {number} atMs
 * @param {string} kind
 * @returns {Item}
 */
function answer(text, atMs, kind) {
  const who = kind === "reply" ? "Agent" : "Parley";
  return { key: `a:${atMs}:${text}`, role: "assistant", who, text, atMs, kind, state: "done" };
}
