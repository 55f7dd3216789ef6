/** One server-sent event (html.spec.whatwg.org, section 9.2). */
export interface ServerEvent {
  /** Null when it has none. */
  readonly id: string | null;
  /** Its data as JSON; null when that is none. */
  readonly data: unknown;
}

/** Longest event that is read, in UTF-16 units: a post of 1 MiB, escaped; the stream of something else is given up. */
const MAX_EVENT_LENGTH = 8 * 1024 * 1024;

/** Reads the events of a stream as their chunks arrive; comments and events without data are left out. */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<ServerEvent, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    if (rest.length > MAX_EVENT_LENGTH) throw new RangeError("an event of the daemon's stream does not end");
    for (const block of blocks) {
      const event = eventOf(block);
      if (event !== null) yield event;
    }
  }
}

function eventOf(block: string): ServerEvent | null {
  const fields = block.split(/\r?\n/).map((line) => /^(?<name>[^:]*)(?:: ?(?<value>.*))?$/.exec(line)?.groups);
  const valuesOf = (name: string) => fields.flatMap((field) => (field?.name === name ? [field.value ?? ""] : []));
  const data = valuesOf("data");
  return data.length === 0 ? null : { id: valuesOf("id").at(-1) ?? null, data: jsonOf(data.join("\n")) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
