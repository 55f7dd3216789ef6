import type { ModelError } from "./model-error.ts";

/** What sort of failure a model's error is: everything that is done about it follows from this. */
export type ModelErrorKind =
  | "wrong_key"
  | "unknown_model"
  | "no_quota"
  | "overloaded"
  | "too_long"
  /** The model takes no images, or not this file. */
  | "unwanted_file"
  /** The model, or its server as it was started, can't call tools. */
  | "no_tools"
  | "refused"
  | "unreachable"
  | "untrusted_certificate"
  | "slow_start"
  | "redirected"
  /** The provider does not take the request as it is: a setting does not fit the model. */
  | "rejected"
  /** The stream was cut, or what came is not an answer. */
  | "broken";

// Their words differ, their codes too: what OpenAI, Anthropic, Gemini, Mistral, vLLM, llama.cpp, LM Studio and Ollama say.
const quota =
  /insufficient_quota|billing_(error|hard_limit)|credit balance|exceeded your current quota|insufficient (balance|credits|funds)/i;
const tooLong =
  /context[_ ](length|size|window|limit)|context the overflows|prompt is too long|request[_ ]too[_ ]large|too many (input )?tokens|input (is too long|token count|length)|maximum number of tokens/i;
const unwantedFile =
  /(image|vision|multimodal|pdf|document|file)s?\b.{0,60}\b(not support|unsupported|not allowed|invalid|could not process)|(support|accept|process|missing data required for)\w*\b.{0,40}\b(image|vision|multimodal|pdf|document|file)|image_url|mmproj/i;
const noTools =
  /not support (tools|tool use|function)|support tool use|tools? param requires|tool[_ ]choice\b.{0,40}\b(requires|not support)|tool (use|calling)\b.{0,40}\bnot support/i;
const unknownModel =
  /model_not_found|(unknown|invalid|no such) model|model\b.{0,120}\b(not found|does not exist|not exist)|try pulling it/i;
const contentFilter = /content[_ ](filter|policy|management)|safety/i;
const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;

/** Sorts an error by its status, its codes and its words. */
export function modelErrorKind(error: ModelError): ModelErrorKind {
  const { status, network } = error;
  const words = `${error.code} ${error.text}`;
  if (error.isFirstByteTimeout) return "slow_start";
  if (status === null && network !== null) return certificate.test(network) ? "untrusted_certificate" : "unreachable";
  if (status !== null && status < 400) return "redirected";
  if (status === 401 || status === 403) return "wrong_key";
  if (status === 402 || quota.test(words)) return "no_quota";
  if (status === 413 || tooLong.test(words)) return "too_long";
  if (noTools.test(words)) return "no_tools";
  if (unknownModel.test(words)) return "unknown_model";
  if (isOverload(status, error.code) && !(status === 500 && unwantedFile.test(words))) return "overloaded";
  if (status === 404) return "unknown_model";
  if (contentFilter.test(words)) return "refused";
  if (unwantedFile.test(words)) return "unwanted_file";
  return status === null ? "broken" : "rejected";
}

/** Whether the very same request may succeed in a moment. */
export function isTransient(kind: ModelErrorKind): boolean {
  return kind === "overloaded" || kind === "unreachable" || kind === "broken";
}

function isOverload(status: number | null, code: string): boolean {
  if (status === null) return /overloaded|rate_limit|server_error|api_error/.test(code);
  return status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
}
