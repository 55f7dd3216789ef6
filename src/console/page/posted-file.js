import { element } from "./element.js";

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/**
 * A file that came with an answer: a picture is shown, everything can be saved.
 * @param {number} outboxId
 * @param {{ readonly name: string, readonly mimeType: string, readonly sizeBytes: number }} file
 */
export function postedFile(outboxId, { name, mimeType, sizeBytes }) {
  const href = `/api/posts/${outboxId}/file`;
  const shown = PICTURES.includes(mimeType)
    ? [element("img", { src: href, alt: name, loading: "lazy" })]
    : [element("span", { class: "file-mark", "aria-hidden": "true" }, ["\u2193"])];
  return element("a", { class: "file", href, download: name }, [
    ...shown,
    element("span", { class: "file-name", dir: "auto" }, [name]),
    element("span", { class: "file-size" }, [sizeText(sizeBytes)]),
  ]);
}

const KB = 1024;

/**
 * A size for people: `3 KB`, `1.5 MB`.
 * @param {number} sizeBytes
 */
export function sizeText(sizeBytes) {
  if (sizeBytes < KB) return `${sizeBytes} bytes`;
  const [size, unit] = sizeBytes < KB * KB ? [sizeBytes / KB, "KB"] : [sizeBytes / KB / KB, "MB"];
  return `${size < 10 ? Math.round(size * 10) / 10 : Math.round(size)} ${unit}`;
}
