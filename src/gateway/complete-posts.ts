import { finishGrowing } from "../store/growing-posts.ts";
import type { Tx } from "../store/writer.ts";
import { type AdapterOf, type Post, type Speech, splitFor, writePosts } from "./posts.ts";

/** What is left in a post when the whole answer needs fewer than were begun. */
const NOTHING_MORE = "…";

/** Says something of which the beginning stands in posts already: gives those their final text, and writes what more it takes. */
export function completePosts(tx: Tx, adapterOf: AdapterOf, speech: Speech, grown: readonly number[]): Post[] {
  const { place, inboxId, kind, replyTo, nowMs, files = [] } = speech;
  const pieces = speech.text === "" ? [] : splitFor(adapterOf(place.platform, place.account), speech.text);
  const completed = grown.flatMap((outboxId, index): readonly Post[] => {
    const text = pieces[index] ?? NOTHING_MORE;
    const first = index === 0 ? replyTo : null;
    if (!finishGrowing(tx, { id: outboxId, text, nowMs })) {
      // What was given up is the beginning; the answer is not: it is posted anew, or kept whole among the dead letters.
      const isPiece = pieces[index] !== undefined;
      return isPiece ? writePosts(tx, adapterOf, { ...speech, text, replyTo: first, files: [] }) : [];
    }
    const state = { grows: true, isDelivered: false, file: null, buttons: [], privateTo: null };
    return [{ ...place, outboxId, inboxId, kind, text, replyTo: first, atMs: nowMs, ...state }];
  });
  const rest = pieces
    .slice(grown.length)
    .flatMap((text) => writePosts(tx, adapterOf, { ...speech, text, replyTo: null, files: [] }));
  return [...completed, ...rest, ...writePosts(tx, adapterOf, { ...speech, text: "", replyTo: null, files })];
}
