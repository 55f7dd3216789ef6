import { MASK, type SecretMask } from "../observe/mask-secrets.ts";
import { cleanText, cutText } from "../session/untrusted-text.ts";
import type { AgentFailure } from "./backend.ts";
import type { ModelError } from "./model-error.ts";
import { isTransient, type ModelErrorKind } from "./model-error-kind.ts";

/** Longest detail, in UTF-16 units. */
const MAX_DETAIL_LENGTH = 500;
/** Providers repeat a wrong key, with a middle of their own making. */
const keys = /\b(?:sk|pk|rk|gsk|xai|key)-[\w*.-]{3,}|\bBearer\s+\S+/g;

/** Whom a failure is about. */
export interface FailingModel {
  /** The agent's name under `agents`. */
  readonly name: string;
  readonly model: string;
  readonly baseUrl: string;
  /** Whether another agent answers instead. */
  readonly hasFallback: boolean;
  readonly secrets: SecretMask;
}

type Words = Pick<AgentFailure, "reason" | "message"> & { readonly advice: string };

/** What a person is told about a failed call, and what an operator can do about it. */
export function modelFailure(model: FailingModel, kind: ModelErrorKind, error: ModelError): AgentFailure {
  const { reason, message, advice } = wordsFor(kind, model);
  return {
    reason,
    message,
    detail: detailOf(model, error, advice),
    retryable: isTransient(kind) || kind === "slow_start",
  };
}

/** What is said when the stream ended before the answer did; what came of it stays. */
export function brokenOffFailure(model: FailingModel, error: ModelError): AgentFailure {
  return {
    reason: "error",
    message: "My answer broke off in the middle: the connection to the language model was lost.",
    detail: detailOf(model, error, "The stream ended in the middle of the answer."),
    retryable: true,
  };
}

/** A failure without an error of the provider. */
export function plainFailure(
  model: FailingModel,
  reason: AgentFailure["reason"],
  words: { readonly message: string; readonly detail: string; readonly retryable: boolean },
): AgentFailure {
  return { reason, ...words, detail: bounded(model.secrets, words.detail) };
}

/** What is left to say when something threw that should not have: a mistake of ours. */
export function brokenFailure(model: FailingModel, error: unknown): AgentFailure {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = "Something went wrong on my side and I could not answer. The operator's log says what.";
  return plainFailure(model, "error", { message, detail, retryable: false });
}

/** What a turn that was stopped ends with. */
export const stoppedFailure: AgentFailure = {
  reason: "stopped",
  message: "Stopped.",
  detail: "it was told to stop",
  retryable: true,
};

function wordsFor(kind: ModelErrorKind, { name, model, hasFallback }: FailingModel): Words {
  const at = `agents.${name}`;
  const mend = "Whoever runs me has to mend that; the log says how.";
  switch (kind) {
    case "wrong_key":
      return {
        reason: "misconfigured",
        message: `My language model does not accept my key. ${mend}`,
        advice: `Set ${at}.apiKey to a key that is valid and may use ${at}.model (${model}).`,
      };
    case "unknown_model":
      return {
        reason: "misconfigured",
        message: `The language model "${model}" is not there. ${mend}`,
        advice: `Check ${at}.model (${model}) and ${at}.baseUrl. With Ollama: ollama pull ${model}.`,
      };
    case "no_quota":
      return {
        reason: "quota",
        message: "My language model's account has no money or quota left. Whoever runs me has to see to that.",
        advice: `Top up the account of ${at}.apiKey, raise its limit, or set ${at}.fallback.`,
      };
    case "overloaded":
      return {
        reason: "unavailable",
        message: "My language model is overloaded. Please try again in a few minutes.",
        advice: hasFallback
          ? `${at}.fallback is asked instead.`
          : `It was tried again without success. Set ${at}.fallback to have another agent answer meanwhile.`,
      };
    case "too_long":
      return {
        reason: "too_long",
        message: "This conversation is longer than my language model takes. A new session (/new) helps.",
        advice: `What was left of the history was too much as well. Set ${at}.contextTokens to what the model takes, or lower ${at}.historyTokens.`,
      };
    case "refused":
      return {
        reason: "refused",
        message: "The language model's provider declined to answer this.",
        advice: "Its content filter refused the request.",
      };
    case "unreachable":
      return {
        reason: "unavailable",
        message: "I can't reach my language model. Please try again later.",
        advice: `Check ${at}.baseUrl, and that the server runs there.`,
      };
    case "untrusted_certificate":
      return {
        reason: "misconfigured",
        message: `I can't reach my language model safely. ${mend}`,
        advice: `Check ${at}.baseUrl; NODE_EXTRA_CA_CERTS names a file with a certificate authority of your own.`,
      };
    case "slow_start":
      return {
        reason: "timeout",
        message: "My language model did not begin to answer. Please try again later.",
        advice: `A model that is loaded first needs longer: raise ${at}.firstByteTimeoutSeconds.`,
      };
    case "redirected":
      return {
        reason: "misconfigured",
        message: `My language model's address is wrong. ${mend}`,
        advice: `The endpoint redirects, which is not followed: set ${at}.baseUrl to the final address.`,
      };
    // Without files and tools it was tried as well.
    case "unwanted_file":
    case "no_tools":
    case "rejected":
      return {
        reason: "misconfigured",
        message: `My language model does not take what I send it. ${mend}`,
        advice: `Check what ${at}.model (${model}) takes: temperature, maxOutputTokens, tools.`,
      };
    case "broken":
      return {
        reason: "error",
        message: "My language model sent something that is no answer. Please try again.",
        advice: `Check that ${at}.baseUrl is an API of ${at}.kind.`,
      };
  }
}

function detailOf({ secrets, baseUrl }: FailingModel, error: ModelError, advice: string): string {
  const status = error.status === null ? "" : `HTTP ${error.status} `;
  const network = error.network === null ? "" : ` (${error.network})`;
  const room = MAX_DETAIL_LENGTH - advice.length - baseUrl.length - 80;
  // Hidden before it is cut: half a key would not be recognised.
  const said = cutText(cleanText(secrets.hide(error.text).replace(keys, MASK)), Math.max(40, room));
  return bounded(secrets, `${status}from ${baseUrl}: ${said}${network}. ${advice}`);
}

function bounded(secrets: SecretMask, detail: string): string {
  return cutText(cleanText(secrets.hide(detail).replace(keys, MASK)), MAX_DETAIL_LENGTH);
}
