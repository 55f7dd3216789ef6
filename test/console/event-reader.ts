/** One server-sent event; a comment has the name `comment`. */
export interface ReadEvent {
  readonly name: string;
  readonly id: string | null;
  readonly data: unknown;
}

/** Reads the events of an answer one by one. */
export function eventReader(response: Response): {
  /** The next event; null when the stream has ended. Rejects when it was cut off. */
  next(): Promise<ReadEvent | null>;
  /** The next event of one of these names. */
  nextOf(...names: readonly string[]): Promise<ReadEvent | null>;
  cancel(): Promise<void>;
} {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error("expected an answer with a body");
  let buffered = "";
  const next = async (): Promise<ReadEvent | null> => {
    for (;;) {
      const end = buffered.indexOf("\n\n");
      if (end >= 0) {
        const text = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        return eventOf(text);
      }
      const { done, value } = await reader.read();
      if (done) return null;
      buffered += value;
    }
  };
  return {
    next,
    async nextOf(...names) {
      for (;;) {
        const event = await next();
        if (event === null || names.includes(event.name)) return event;
      }
    },
    cancel: () => reader.cancel(),
  };
}

function eventOf(text: string): ReadEvent {
  if (text.startsWith(":")) return { name: "comment", id: null, data: text.slice(1).trim() };
  const fields = new Map(
    text.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  return {
    name: fields.get("event") ?? "",
    id: fields.get("id") ?? null,
    data: JSON.parse(fields.get("data") ?? "null"),
  };
}
