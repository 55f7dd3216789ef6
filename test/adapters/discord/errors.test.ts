import assert from "node:assert/strict";
import { test } from "node:test";
import { DiscordAPIError, type DiscordErrorData, HTTPError, RateLimitError } from "discord.js";
import { deliveryErrorOf } from "../../../adapters/discord/errors.ts";
import { DeliveryError, type DeliveryFailure } from "../../../src/platform/delivery-error.ts";

const api = (code: number, status: number, message = "no", errors?: DiscordErrorData["errors"]) =>
  new DiscordAPIError(
    { code, message, ...(errors === undefined ? {} : { errors }) },
    code,
    status,
    "POST",
    "https://discord.com/api/v10/channels/1/messages",
    { body: { content: "a secret text" }, files: undefined },
  );
const rate = (about: { global: boolean; retryAfter: number }) =>
  new RateLimitError({
    timeToReset: 0,
    limit: 5,
    method: "POST",
    hash: "h",
    url: "u",
    route: "r",
    majorParameter: "1",
    sublimitTimeout: 0,
    scope: "user",
    ...about,
  });
const network = (code: string, message = code) => Object.assign(new Error(message), { code });
const tooLong = {
  content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
};
const badForm = { content: { _errors: [{ code: "SOMETHING_ELSE", message: "no" }] } };

interface Meaning {
  readonly kind: DeliveryFailure;
  readonly certain: boolean;
  readonly scope?: "bot";
  readonly retryAfterMs?: number;
}
const table: readonly (readonly [shows: string, error: unknown, meaning: Meaning])[] = [
  ["an unknown channel", api(10003, 404), { kind: "gone", certain: true }],
  ["an unknown message", api(10008, 404), { kind: "gone", certain: true }],
  ["any other 404", api(0, 404), { kind: "gone", certain: true }],
  ["no access", api(50001, 403), { kind: "forbidden", certain: true }],
  ["no permission", api(50013, 403), { kind: "forbidden", certain: true }],
  ["a person who takes no direct messages", api(50007, 403), { kind: "forbidden", certain: true }],
  ["a locked thread", api(160005, 400), { kind: "forbidden", certain: true }],
  ["any other 403", api(0, 403), { kind: "forbidden", certain: true }],
  ["a text that is too long", api(50035, 400, "Invalid Form Body", tooLong), { kind: "too_long", certain: true }],
  [
    "a form that is wrong otherwise",
    api(50035, 400, "Invalid Form Body", badForm),
    { kind: "bad_format", certain: true },
  ],
  ["an empty message", api(50006, 400), { kind: "bad_format", certain: true }],
  ["a file that is too large", api(40005, 413), { kind: "too_long", certain: true }],
  ["a refused token", api(0, 401), { kind: "unauthorized", certain: true, scope: "bot" }],
  [
    "a token the client has dropped",
    new Error("Expected token to be set for this request, but none was present"),
    { kind: "unauthorized", certain: true, scope: "bot" },
  ],
  [
    "a limit of a route",
    rate({ global: false, retryAfter: 1500.2 }),
    { kind: "rate_limited", certain: true, retryAfterMs: 1501 },
  ],
  [
    "a limit of the bot",
    rate({ global: true, retryAfter: 9 }),
    { kind: "rate_limited", certain: true, scope: "bot", retryAfterMs: 9 },
  ],
  [
    "a server error",
    new HTTPError(502, "Bad Gateway", "POST", "u", { body: {}, files: undefined }),
    { kind: "unreachable", certain: false },
  ],
  ["a refused connection", network("ECONNREFUSED"), { kind: "unreachable", certain: true, scope: "bot" }],
  [
    "a refused connection on all addresses",
    new AggregateError([network("ECONNREFUSED")], ""),
    { kind: "unreachable", certain: true, scope: "bot" },
  ],
  ["a name that is not found", network("ENOTFOUND"), { kind: "unreachable", certain: true, scope: "bot" }],
  ["a connection that broke", network("ECONNRESET"), { kind: "unreachable", certain: false }],
  ["a socket the other side closed", network("UND_ERR_SOCKET"), { kind: "unreachable", certain: false }],
  ["a time limit", new DOMException("aborted", "AbortError"), { kind: "unreachable", certain: false }],
  ["an answer that is no JSON", new SyntaxError("Unexpected token"), { kind: "unknown", certain: false }],
  ["something thrown that is no error", "boom", { kind: "unknown", certain: false }],
  ["a delivery error", new DeliveryError("gone", "x", { certain: true }), { kind: "gone", certain: true }],
];

for (const [shows, error, { kind, certain, scope = "chat", retryAfterMs = null }] of table) {
  test(`${shows} is ${kind}, ${certain ? "certainly" : "perhaps"} not posted`, () => {
    const found = deliveryErrorOf(error);
    assert.deepEqual(
      { kind: found.kind, certain: found.certain, scope: found.scope, retryAfterMs: found.retryAfterMs },
      { kind, certain, scope, retryAfterMs },
    );
    assert.ok(!found.message.includes("secret"));
  });
}
