/**
 * The messages of the chat, in order: what was said before, what is said now, what is on its way. Plain data; `chat-view.js` shows it.
 * @typedef {import("./message-item.js").ShownMessage & { readonly key: string, readonly messageId?: string } & Besides} Item
 */

/**
 * What goes with a message of the person: the post whose button says it, and what the daemon calls its files.
 * @typedef {object} Besides
 * @property {number} [pressed]
 * @property {readonly string[]} [files] by name
 * @property {() => Promise<readonly any[]>} [references]
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
     * @param {readonly any[]} lines
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
     * @param {Besides} besides
     * @returns {Item}
     */
    sending(messageId, text, besides) {
      const key = `m:${messageId}`;
      /** @type {Item} */
      const item = { key, messageId, role: "user", who: "You", text, atMs: Date.now(), state: "sending", ...besides };
      put(item);
      return item;
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
          const { messageId, text, atMs, userName, files } = event;
          put({
            key: `m:${messageId}`,
            messageId,
            role: "user",
            who: userName ?? "You",
            text,
            atMs,
            files,
            state: "done",
          });
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
 * @param {any} line of a transcript
 * @returns {Item}
 */
function itemOfLine({ role, content, atMs, messageId, senderName, extra }) {
  if (role !== "user" || messageId === null) return { ...answer(content, atMs, "reply"), role };
  const files = filesOf(extra);
  const who = senderName ?? "You";
  return { key: `m:${messageId}`, messageId, role, who, text: content, atMs, files, state: "done" };
}

/**
 * The names of the files that came with a transcript's line.
 * @param {any} extra what is kept beside its text
 * @returns {readonly string[]}
 */
export function filesOf(extra) {
  const { attachments } = extra ?? {};
  return Array.isArray(attachments) ? attachments.map(({ name }) => String(name)) : [];
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
