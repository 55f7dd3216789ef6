import { formatScope, parseScope, type Scope } from "../session/memory-scope.ts";
import { isPlatformName } from "../session/source.ts";
import { selectScopesLike } from "../store/memory-scopes.ts";
import type { Reader } from "../store/sqlite.ts";

/** Scopes as an operator names them; several mean all of them together. */
export interface ScopeNames {
  /** `telegram:42`: a person, at all bots of the platform; `telegram@work:42`: at one of them. */
  readonly user?: string;
  /** The same of a chat. */
  readonly chat?: string;
  readonly agent?: string;
  readonly session?: string;
  /** A scope's own text. */
  readonly scope?: string;
}

/** What names mean; `expected` says what a wrong one should have been. */
export type NamedScopes =
  | { readonly kind: "scopes"; readonly scopes: readonly Scope[] }
  | { readonly kind: "wrong"; readonly name: keyof ScopeNames; readonly expected: string };

/** The scopes that names mean; none for no names. */
export function namedScopes(db: Reader, names: ScopeNames): NamedScopes {
  const found: Scope[] = [];
  for (const kind of ["user", "chat"] as const) {
    const text = names[kind];
    if (text === undefined) continue;
    const scopes = scopesOf(db, kind, text);
    if (scopes === null)
      return { kind: "wrong", name: kind, expected: "platform:id, such as telegram:42, or platform@account:id" };
    found.push(...scopes);
  }
  if (names.agent !== undefined) found.push(formatScope({ kind: "agent", agentId: names.agent }));
  if (names.session !== undefined) found.push(formatScope({ kind: "session", sessionId: names.session }));
  if (names.scope !== undefined) {
    const scope = parseScope(names.scope);
    if (scope === null) {
      const expected = "user:PLATFORM:ACCOUNT:ID, chat:PLATFORM:ACCOUNT:ID, agent:NAME, session:ID or global";
      return { kind: "wrong", name: "scope", expected };
    }
    found.push(formatScope(scope));
  }
  return { kind: "scopes", scopes: [...new Set(found)] };
}

const NAME = /^([^:@]+)(?:@([^:]+))?:(.+)$/s;

function scopesOf(db: Reader, kind: "user" | "chat", text: string): readonly Scope[] | null {
  const [, platform = "", account, id = ""] = NAME.exec(text.trim()) ?? [];
  if (!isPlatformName(platform)) return null;
  const scopeAt = (at: string): Scope =>
    formatScope(
      kind === "user" ? { kind, platform, account: at, userId: id } : { kind, platform, account: at, chatId: id },
    );
  if (account !== undefined) return [scopeAt(account)];
  const one = scopeAt("default");
  // Each part is escaped: no other part can hold the colon before the id.
  const end = one.slice(one.lastIndexOf(":"));
  const known = selectScopesLike(db, `${kind}:${platform}:`, end).map(parseScope);
  return [one, ...known.flatMap((scope) => (scope === null ? [] : [formatScope(scope)]))];
}
