import { createHmac } from "node:crypto";

/** A call as Slack makes it over HTTP, signed (docs.slack.dev/authentication/verifying-requests-from-slack). */
export interface SignedCall {
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** Signs a call; `nowSeconds` is when it is made. A form's `payload` or its fields are up to the caller. */
export function signedCall(
  signingSecret: string,
  body: string,
  options: { readonly contentType?: string; readonly nowSeconds?: number; readonly retryNumber?: number } = {},
): SignedCall {
  const timestamp = String(options.nowSeconds ?? Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex");
  return {
    body,
    headers: {
      "Content-Type": options.contentType ?? "application/json",
      "X-Slack-Request-Timestamp": timestamp,
      "X-Slack-Signature": `v0=${signature}`,
      ...(options.retryNumber === undefined ? {} : { "X-Slack-Retry-Num": String(options.retryNumber) }),
    },
  };
}

/** The same as a request that an adapter's `webhook` takes. */
export function signedRequest(...args: Parameters<typeof signedCall>): Request {
  const { body, headers } = signedCall(...args);
  return new Request("http://127.0.0.1/webhooks/slack/default", { method: "POST", body, headers });
}

/** A slash command or an interaction as the form Slack makes of it. */
export function formOf(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}
