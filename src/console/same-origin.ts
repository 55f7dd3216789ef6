/** The headers by which a browser tells where a request comes from. */
export interface RequestOrigin {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
}

/**
 * Why a request comes from a page that is not ours; null when it is our own page's, a person's (address bar, bookmark), or no browser's.
 * A link elsewhere may lead to the page itself: opening it shows nothing to that site.
 */
export function foreignOrigin(request: RequestOrigin): string | null {
  const { origin, fetchSite } = request;
  if (origin !== undefined && hostOf(origin) !== request.host.toLowerCase()) {
    return `Origin: expected this server's own, got ${JSON.stringify(origin.slice(0, MAX_SHOWN))}.`;
  }
  const isOwn = fetchSite === undefined || fetchSite === "same-origin" || fetchSite === "none";
  const isLink = request.method === "GET" && request.path === "/" && request.fetchMode === "navigate";
  // same-site is not enough: another port of this machine may be anybody's program.
  return isOwn || isLink ? null : "This server answers its own page and programs, not pages of other sites.";
}

/** Enough of a wrong origin to recognise it, in UTF-16 units. */
const MAX_SHOWN = 80;

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
