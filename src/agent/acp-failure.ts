import { type AuthMethod, RequestError } from "@agentclientprotocol/sdk";
import { visibleText } from "../observe/visible-text.ts";
import { cutText } from "../session/untrusted-text.ts";
import type { AgentEvent } from "./backend.ts";
import { failed } from "./program-failure.ts";

/** The protocol's own error codes, agentclientprotocol.com/protocol/v1/schema#errorcode. */
const AUTH_REQUIRED = -32000;
const RESOURCE_NOT_FOUND = -32002;
/** Longest part of an agent's error that goes into the log, in UTF-16 units. */
const MAX_ERROR_LENGTH = 500;

/** Whether the agent says that it does not know the session. */
export function isUnknownSession(error: unknown): boolean {
  return error instanceof RequestError && error.code === RESOURCE_NOT_FOUND;
}

/** The end of a turn in which the agent answered a request of ours with an error. */
export function acpFailure(
  method: string,
  error: unknown,
  authMethods: readonly AuthMethod[],
): AgentEvent & { readonly kind: "failed" } {
  const message = cutText(visibleText(errorText(error)), MAX_ERROR_LENGTH);
  if (error instanceof RequestError && error.code === AUTH_REQUIRED) {
    const ways = authMethods.map(({ name }) => cutText(visibleText(name), MAX_ERROR_LENGTH)).join(", ");
    return failed(
      "misconfigured",
      `the agent wants to be logged in (${ways || message}): start it once by hand as the same user, or give its key under env. HOME is not passed on: name it there too.`,
    );
  }
  return failed("error", `${method}: ${message}`);
}

/** The end of a turn in whose midst the agent's process ended. */
export function processEnded(how: string): AgentEvent & { readonly kind: "failed" } {
  return failed("error", `the agent's process ended: ${how}`, { retryable: true });
}

function errorText(error: unknown): string {
  if (!(error instanceof RequestError)) return error instanceof Error ? error.message : String(error);
  const { data } = error;
  const details = typeof data === "object" && data !== null && "details" in data ? data.details : data;
  return `${error.message} (${error.code})${typeof details === "string" ? `: ${details}` : ""}`;
}
