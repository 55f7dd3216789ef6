/**
 * What was written and not sent, kept for as long as the tab is open.
 * @param {string} name
 */
export function draft(name) {
  const key = `draft:${name}`;
  return {
    text() {
      try {
        return sessionStorage.getItem(key) ?? "";
      } catch {
        // A browser that keeps nothing for pages keeps no drafts.
        return "";
      }
    },
    /** @param {string} text */
    keep(text) {
      try {
        if (text === "") sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, text);
      } catch {
        // As above; or the text is larger than all that is kept.
      }
    },
  };
}
