/** A message as a prompt shows it. */
export interface ShownLine {
  readonly role: string;
  /** `p1` and so on; null for everybody but people. */
  readonly alias: string | null;
  readonly text: string;
}

/** What a model reads in the text of a prompt: what is known, what was recorded before, and the messages. */
export interface ShownPrompt {
  readonly known: readonly string[];
  readonly record: readonly string[];
  readonly lines: readonly ShownLine[];
}

const head = /^\[\d+\] (\w+)(?: (p\d+))?:$/;
const known = /^k\d+: (".*")$/;

/** Reads a prompt of extraction or summary as a model would. */
export function readPrompt(text: string): ShownPrompt {
  const shown = { known: [] as string[], record: [] as string[], lines: [] as ShownLine[] };
  for (const row of text.split("\n")) {
    const [, role, alias] = head.exec(row) ?? [];
    const last = shown.lines.at(-1);
    if (role !== undefined) shown.lines.push({ role, alias: alias ?? null, text: "" });
    else if (row.startsWith("> ") && last === undefined) shown.record.push(row.slice(2));
    else if (row.startsWith("> ") && last !== undefined)
      shown.lines[shown.lines.length - 1] = {
        ...last,
        text: `${last.text}${last.text === "" ? "" : "\n"}${row.slice(2)}`,
      };
    else {
      const [, quoted] = known.exec(row) ?? [];
      if (quoted !== undefined) shown.known.push(String(JSON.parse(quoted)));
    }
  }
  return shown;
}
