/** A text that is a command: `/name`, `/name@bot`, `/name argument`. */
export interface CommandText {
  /** Lower-case, without the slash. */
  readonly name: string;
  /** Trimmed; may have several lines. */
  readonly argument: string;
}

const COMMAND = /^\/([a-z][a-z0-9_-]{0,31})(?:@[a-z0-9_]{1,64})?(?:\s+([\s\S]*))?$/iu;

/** Reads a command; null for other text. A path (`/etc/hosts is empty`) is no command: its first word has another slash. */
export function readCommand(text: string): CommandText | null {
  const match = COMMAND.exec(text);
  const name = match?.[1];
  return name === undefined ? null : { name: name.toLowerCase(), argument: (match?.[2] ?? "").trim() };
}
