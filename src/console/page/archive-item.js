import { element } from "./element.js";
import { messageTime } from "./relative-time.js";

/**
 * What older lines were condensed to, where they end in the transcript.
 * @param {any} archive
 * @param {readonly any[]} merged those it stands for
 * @param {string} sessionId
 */
export function archiveItem(archive, merged, sessionId) {
  const { abstract, overview, isExtractive, createdAtMs } = archive;
  const summary = element("summary", {}, [
    element("b", {}, [`Archive of ${linesOf(archive)}`]),
    " ",
    element("span", { dir: "auto" }, [abstract]),
  ]);
  const made = `${isExtractive ? "Quoted" : "Written by the model"}, ${messageTime(createdAtMs, Date.now())}. `;
  const points = [
    ...pointsOf("Decided", archive.decisions),
    ...pointsOf("Open", archive.openLoops),
    ...pointsOf("Constraints", archive.constraints),
  ];
  return element("li", { class: "archive", "data-archive": archive.archiveId }, [
    element("details", {}, [
      summary,
      element("p", { class: "overview", dir: "auto" }, [overview]),
      ...points,
      element("p", { class: "state" }, [made, "From ", ...sourcesOf(archive, merged, sessionId), "."]),
    ]),
  ]);
}

/**
 * @param {string} name
 * @param {readonly string[]} texts
 */
function pointsOf(name, texts) {
  if (texts.length === 0) return [];
  const items = texts.map((text) => element("li", { dir: "auto" }, [text]));
  return [element("p", { class: "points" }, [name]), element("ul", {}, items)];
}

/**
 * @param {any} archive
 * @param {readonly any[]} merged
 * @param {string} sessionId
 */
function sourcesOf(archive, merged, sessionId) {
  const sources = merged.length === 0 ? [archive] : merged;
  return sources.flatMap((source, place) => {
    const link = element("a", { href: `#/session/${sessionId}/${source.fromSeq}`, title: source.abstract }, [
      linesOf(source),
    ]);
    return place === 0 ? [link] : [", ", link];
  });
}

/** @param {any} archive */
function linesOf({ fromSeq, toSeq }) {
  return fromSeq === toSeq ? `line ${fromSeq}` : `lines ${fromSeq} to ${toSeq}`;
}
