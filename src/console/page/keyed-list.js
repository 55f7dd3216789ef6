/**
 * Shows items as the children of a list, touching only what changed, so that reading, selecting and focus are not disturbed.
 * @template T
 * @param {HTMLElement} list
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => HTMLElement} nodeOf
 * @returns {(items: readonly T[]) => void}
 */
export function keyedList(list, keyOf, nodeOf) {
  /** @type {Map<string, { readonly item: T, readonly node: HTMLElement }>} */
  let shown = new Map();
  return (items) => {
    /** @type {typeof shown} */
    const next = new Map();
    for (const item of items) {
      const key = keyOf(item);
      const known = shown.get(key);
      if (known?.item === item) next.set(key, known);
      else {
        const node = nodeOf(item);
        known?.node.replaceWith(node);
        next.set(key, { item, node });
      }
    }
    for (const [key, { node }] of shown) if (!next.has(key)) node.remove();
    let place = list.firstElementChild;
    for (const { node } of next.values()) {
      if (node === place) place = place.nextElementSibling;
      else list.insertBefore(node, place);
    }
    shown = next;
  };
}
