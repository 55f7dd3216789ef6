declare const scopeBrand: unique symbol;
/** Where a memory belongs: who may see it. Made by the functions of this file alone. */
export type Scope = string & { readonly [scopeBrand]: true };

/** What a scope says. */
export type ParsedScope =
  | { readonly kind: "session"; readonly sessionId: string }
  | { readonly kind: "user"; readonly platform: string; readonly account: string; readonly userId: string }
  | { readonly kind: "chat"; readonly platform: string; readonly account: string; readonly chatId: string }
  | { readonly kind: "agent"; readonly agentId: string }
  | { readonly kind: "global" };

/** The text of a scope: `session:…`, `user:<platform>:<account>:<user>`, `chat:<platform>:<account>:<chat>`, `agent:…` or `global`, each part escaped. */
export function formatScope(scope: ParsedScope): Scope {
  return partsOf(scope).map(encodeURIComponent).join(":") as Scope;
}

/** What a scope's text says, the exact inverse of `formatScope`; null for every other text. */
export function parseScope(text: string): ParsedScope | null {
  const scope = readParts(text.split(":").map(decoded));
  return scope !== null && formatScope(scope) === text ? scope : null;
}

function partsOf(scope: ParsedScope): readonly string[] {
  switch (scope.kind) {
    case "session":
      return ["session", scope.sessionId.toWellFormed()];
    case "user":
      return ["user", ...[scope.platform, scope.account, scope.userId].map((part) => part.toWellFormed())];
    case "chat":
      return ["chat", ...[scope.platform, scope.account, scope.chatId].map((part) => part.toWellFormed())];
    case "agent":
      return ["agent", scope.agentId.toWellFormed()];
    case "global":
      return ["global"];
  }
}

function readParts(parts: readonly (string | null)[]): ParsedScope | null {
  if (parts.includes(null) || parts.slice(1).includes("")) return null;
  const [kind, one, two, three] = parts.map((part) => part ?? "");
  if (parts.length === 1) return kind === "global" ? { kind } : null;
  if (parts.length === 2 && one !== undefined) {
    if (kind === "session") return { kind, sessionId: one };
    return kind === "agent" ? { kind, agentId: one } : null;
  }
  if (parts.length !== 4 || one === undefined || two === undefined || three === undefined) return null;
  if (kind === "user") return { kind, platform: one, account: two, userId: three };
  return kind === "chat" ? { kind, platform: one, account: two, chatId: three } : null;
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    // A broken escape: no scope of ours.
    return null;
  }
}
