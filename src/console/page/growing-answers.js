import { treeOfGrowing } from "./trees.js";

/** Shortest time between two looks of a growing answer: more often nobody reads. */
const MIN_PAUSE_MS = 120;
/** Of the daemon's time at most a fifth goes to showing how an answer grows: a long one is shown anew less often. */
const PAUSE_SHARE = 4;

/**
 * An answer under way.
 * @typedef {object} Growing
 * @property {string} text what it has grown to
 * @property {import("./conversation.js").Item | null} item what is shown of it
 * @property {boolean} isFollowed
 * @property {string} doing what the agent does besides writing
 */

/**
 * Answers that are being written, formatted as far as they have come.
 * @param {() => void} onShown called when there is more to show
 */
export function growingAnswers(onShown) {
  /** @type {Map<number, Growing>} */
  const answers = new Map();

  const follow = async (/** @type {number} */ inboxId, /** @type {Growing} */ answer) => {
    answer.isFollowed = true;
    let shown = "";
    while (answer.text !== shown) {
      const { text } = answer;
      const startedMs = performance.now();
      const tree = await treeOfGrowing(text);
      if (answers.get(inboxId) !== answer) return;
      shown = text;
      const atMs = answer.item?.atMs ?? Date.now();
      answer.item = { key: `d:${inboxId}`, role: "assistant", who: "Agent", text, tree, atMs, state: "growing" };
      onShown();
      const tookMs = performance.now() - startedMs;
      await new Promise((resolve) => setTimeout(resolve, Math.max(MIN_PAUSE_MS, tookMs * PAUSE_SHARE)));
    }
    answer.isFollowed = false;
  };

  return {
    /**
     * Takes an event of the chat, if it is one about an answer under way.
     * @param {any} event
     */
    take(event) {
      const { kind, inboxId } = event;
      const answer = answers.get(inboxId);
      if (kind === "turn_started") answers.set(inboxId, { text: "", item: null, isFollowed: false, doing: "" });
      else if (kind === "tool" && answer !== undefined)
        answer.doing = event.phase === "started" ? event.summary || event.name : "";
      else if (kind === "delta" && answer !== undefined) {
        answer.text += event.text;
        if (!answer.isFollowed) void follow(inboxId, answer);
      } else if (kind === "turn_finished") answers.delete(inboxId);
      else if (kind === "post" && (event.postKind === "reply" || event.postKind === "failure")) answers.delete(inboxId);
    },
    clear: () => answers.clear(),
    /** What is shown of them. */
    items: () => [...answers.values()].flatMap(({ item }) => (item === null ? [] : [item])),
    isAnyRunning: () => answers.size > 0,
    /** What agents do besides writing, in a line; empty for nothing. */
    doing: () => [...answers.values()].flatMap(({ doing }) => (doing === "" ? [] : [doing])).join(" · "),
    /** Whether one is worked on without a word to be seen yet. */
    isAnySilent: () => [...answers.values()].some(({ item }) => item === null),
  };
}
