const reference = /<([^<>]*)>|&(amp|lt|gt);|[<>&]/g;
const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&" };

/** What Slack shows of a text in mrkdwn; throws for a mention, and for what should have been escaped. */
export function readMrkdwn(text: string): string {
  // A line may begin with the mark of a quote.
  return text
    .replace(/^(?:> )+/gm, "")
    .replace(reference, (whole, inner: string | undefined, name: string | undefined) => {
      if (name !== undefined) return characters[name] ?? "";
      if (inner === undefined) throw new Error(`expected ${whole} to be escaped in ${text}`);
      const [url = "", label] = inner.split("|");
      if (!/^(?:https?:\/\/|mailto:)[^\s<>|]+$/.test(decoded(url)))
        throw new Error(`expected an address, got ${whole}`);
      return decoded(label ?? url);
    });
}

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_, name: string) => characters[name] ?? "");
}
