import { textLines } from "./text-lines.ts";

/** The data of server-sent events, out of text that arrives in pieces (HTML Standard, 9.2.6). An event that never ended is dropped, as there. */
export function serverSentData(): {
  /** The data of the events this piece completes; lines of one event are joined by line feeds. */
  push(piece: string): readonly string[];
  /** UTF-16 units of an event that has not ended: what the caller bounds. */
  pendingLength(): number;
} {
  const lines = textLines();
  let data: string[] = [];
  let length = 0;
  return {
    push(piece) {
      const complete: string[] = [];
      for (const line of lines.push(piece)) {
        if (line === "") {
          if (data.length > 0) complete.push(data.join("\n"));
          data = [];
          length = 0;
        } else if (line === "data" || line.startsWith("data:")) {
          const value = line.slice("data:".length).replace(/^ /, "");
          data.push(value);
          length += value.length + 1;
        }
        // Comments, ids, event names and retry times say nothing to us.
      }
      return complete;
    },
    pendingLength: () => length + lines.pendingLength(),
  };
}
