/** Longest words of a link that are looked through for an address, in UTF-16 units; of longer ones it is always shown where they lead. */
const MAX_JUDGED_LENGTH = 500;
// What a reader takes for an address: `https://…`, `example.org/…`. Browsers take the other full stops for one as well.
const address = /:\/\/|[\p{L}\p{N}][.\u3002\uff0e\uff61]\p{L}{2}/u;

/** Where a link leads when its words name another place, or hide it behind an `@`; else null. */
export function hiddenHost(url: string, words: string): string | null {
  const target = URL.parse(url);
  if (target === null || target.protocol === "mailto:") return words.includes("://") ? url : null;
  if (target.username !== "" || target.password !== "") return target.host;
  if (words === url) return null;
  if (words.length > MAX_JUDGED_LENGTH) return target.host;
  const named = words.split(/\s+/).filter((word) => address.test(word));
  return named.every((word) => withoutWww(hostOf(word)) === withoutWww(target.host)) ? null : target.host;
}

/** The host of what looks like an address; empty when it is none. */
function hostOf(name: string): string {
  return URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(name) ? name : `https://${name}`)?.host ?? "";
}

function withoutWww(host: string): string {
  return host.replace(/^www\./, "");
}
