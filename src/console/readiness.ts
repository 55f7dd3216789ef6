import type { Gateway } from "../gateway/gateway.ts";

/** What `/readyz` says: the daemon can work, or each reason why not. */
export type Readiness =
  | { readonly status: "ready" }
  | { readonly status: "not_ready"; readonly reasons: readonly string[] };

/** Asks the database and every adapter how they are. */
export function readiness(gateway: Gateway): Readiness {
  const reasons = [...storeProblems(gateway), ...gateway.status().notReady];
  return reasons.length === 0 ? { status: "ready" } : { status: "not_ready", reasons };
}

/** Asks the database for a row: it is open and readable, or it says why not. */
function storeProblems({ store }: Gateway): readonly string[] {
  try {
    store.hasAnySessions();
    return [];
  } catch (error) {
    return [`store: ${error instanceof Error ? error.message : String(error)}`];
  }
}
