import { byId, element } from "./element.js";

/**
 * One view of the page, in a file of its own; `main.js` names them all.
 * @typedef {object} View
 * @property {string} name its place in the address: `#/<name>/<rest>`; empty for the one that is shown first
 * @property {string | null} title of its link in the side bar; null for one that is only led to
 * @property {HTMLElement} section what it shows; put into `main` when index.html does not have it
 * @property {(...rest: string[]) => void} open called each time it is shown, with what follows its name in the address
 * @property {() => void} [focus] where the keyboard begins; absent: at its beginning
 */

/**
 * Shows the view that the address names, now and when it changes.
 * @param {readonly View[]} list the first is shown where the address names none
 * @param {(view: View, rest: readonly string[]) => void} onShown
 */
export function views(list, onShown) {
  const main = byId("main", HTMLElement);
  const links = new Map(
    list.flatMap((view) => {
      const { name, title } = view;
      return title === null
        ? []
        : [[view, element("a", { id: `view-${name}`, class: "view-link", href: `#/${name}` }, [title])]];
    }),
  );
  byId("views", HTMLUListElement).append(...[...links.values()].map((link) => element("li", {}, [link])));
  for (const { section } of list) if (!section.isConnected) main.append(section);
  /** @type {View | undefined} */
  let shown;

  const show = () => {
    const [, name = "", ...rest] = location.hash.split("/");
    const view = list.find((one) => one.name === name) ?? list[0];
    if (view === undefined) return;
    shown = view;
    byId("app", HTMLDivElement).dataset.view = view.name;
    for (const { section } of list) section.hidden = section !== view.section;
    for (const [one, link] of links) {
      if (one === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    onShown(view, rest);
    view.open(...rest);
  };
  addEventListener("hashchange", show);
  return {
    show,
    /** Leads the keyboard past the side bar. */
    focus() {
      if (shown?.focus === undefined) main.focus();
      else shown.focus();
    },
  };
}
