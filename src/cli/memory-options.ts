import type { Scope } from "../session/memory-scope.ts";
import type { Reader } from "../store/sqlite.ts";
import type { CliCall, CliOption } from "./cli-command.ts";
import { UsageError } from "./failure.ts";

/** Whose memory a command is about; several mean all of them together. */
export const scopeOptions: readonly CliOption[] = [
  { name: "user", value: "ID", summary: "Of a person: platform:id, such as telegram:42." },
  { name: "chat", value: "ID", summary: "Of a group: platform:id." },
  { name: "agent", value: "NAME", summary: "Of an agent." },
  { name: "session", value: "ID", summary: "Of a session, not kept beyond it yet." },
];

const names = ["user", "chat", "agent", "session"] as const;

/** The options that name scopes, as the API takes them. */
export function scopeNames(call: CliCall): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = call.text(name);
      return text === null ? [] : [[name, text] as const];
    }),
  );
}

/** The scopes that the options name, none when they name none; throws when one can't be meant. */
export async function scopesNamed(call: CliCall, reader: Reader): Promise<readonly Scope[]> {
  const { namedScopes } = await import("../memory/named-scopes.ts");
  const named = namedScopes(reader, scopeNames(call));
  if (named.kind === "scopes") return named.scopes;
  throw new UsageError(`--${named.name}: expected ${named.expected}, got "${call.text(named.name)}".`);
}

/** The address of a memory, or its beginning, as an operand; throws for another text. */
export function readAddress(text: string): string {
  const address = text.toLowerCase();
  if (/^[0-9a-f]{12,64}$/.test(address)) return address;
  throw new UsageError(`expected 12 to 64 digits of a memory's address, such as 0123456789ab, got "${text}".`);
}
