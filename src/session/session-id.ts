declare const sessionIdBrand: unique symbol;
/** One incarnation of a conversation, `YYYYMMDD_HHMMSS_<8 hex>` in UTC; also the name of its transcript file. */
export type SessionId = string & { readonly [sessionIdBrand]: true };

const pattern = /^\d{8}_\d{6}_[0-9a-f]{8}$/;

/** A session's id from the instant it begins and 8 random lower-case hex characters; throws RangeError on anything else. */
export function newSessionId(nowMs: number, randomHex8: string): SessionId {
  const [date = "", time = ""] = new Date(nowMs).toISOString().split("T");
  const text = `${date.replaceAll("-", "")}_${time.slice(0, 8).replaceAll(":", "")}_${randomHex8}`;
  const id = readSessionId(text);
  if (id === null)
    throw new RangeError(`session id: expected a time of year 0 to 9999 and 8 hex characters, got "${text}"`);
  return id;
}

/** The text as a session id, or null when it does not have the form of one: asked wherever an id comes from outside. */
export function readSessionId(text: string): SessionId | null {
  return pattern.test(text) ? (text as SessionId) : null;
}
