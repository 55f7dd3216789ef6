/** Cuts text that arrives in pieces into lines. */
export interface TextLines {
  /** The lines that this piece completes, without their ends; a carriage return before the line feed is cut off. */
  push(piece: string): readonly string[];
  /** What came after the last line feed, taken out; empty for nothing. */
  rest(): string;
  /** UTF-16 units waiting for a line feed: what the caller bounds. */
  pendingLength(): number;
}

/** Starts with nothing; the time it takes is linear in the text, however small the pieces. */
export function textLines(): TextLines {
  let pieces: string[] = [];
  let length = 0;
  const takeWith = (end: string) => {
    const line = pieces.length === 0 ? end : pieces.join("") + end;
    pieces = [];
    length = 0;
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  };
  return {
    push(piece) {
      const lines: string[] = [];
      let from = 0;
      for (let end = piece.indexOf("\n"); end !== -1; end = piece.indexOf("\n", from)) {
        lines.push(takeWith(piece.slice(from, end)));
        from = end + 1;
      }
      if (from < piece.length) {
        pieces.push(piece.slice(from));
        length += piece.length - from;
      }
      return lines;
    },
    rest: () => takeWith(""),
    pendingLength: () => length,
  };
}
