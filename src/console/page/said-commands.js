/**
 * Commands that were said here lately. No transcript has them, only their answers: this tab remembers them for when it is loaded again.
 * @typedef {object} SaidCommand
 * @property {number} inboxId by which a post says what it answers
 * @property {string} messageId
 * @property {string} text
 * @property {number} atMs
 * @property {string | null} userName
 */

const KEY = "commands";
/** As many as answers come with a transcript. */
const MAX_KEPT = 100;

/** What this tab remembers. */
export function saidCommands() {
  /** @returns {readonly SaidCommand[]} */
  const kept = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    } catch {
      // A browser that keeps nothing for pages keeps no commands.
      return [];
    }
  };
  return {
    /** @param {any} event a message that arrived */
    note({ inboxId, messageId, text, atMs, userName }) {
      if (!text.startsWith("/")) return;
      const others = kept().filter((command) => command.inboxId !== inboxId);
      try {
        sessionStorage.setItem(
          KEY,
          JSON.stringify([...others, { inboxId, messageId, text, atMs, userName }].slice(-MAX_KEPT)),
        );
      } catch {
        // As above; or the text is larger than all that is kept.
      }
    },
    /**
     * Those that these posts answer.
     * @param {readonly any[]} posts
     * @returns {readonly SaidCommand[]}
     */
    answeredBy(posts) {
      const answered = new Set(posts.map(({ inboxId }) => inboxId));
      return kept().filter(({ inboxId }) => answered.has(inboxId));
    },
  };
}
