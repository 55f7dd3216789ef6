import type { Definition, Nodes, Root } from "mdast";

/** Where the links lead that are written as `[text][name]`. */
export interface References {
  urlOf(identifier: string): string;
  /** Whether a definition serves a link in the same text; one that doesn't would vanish, and is shown. */
  isUsed(definition: Definition): boolean;
}

/** Collects the definitions of a text; of two with one name the first counts. */
export function referencesOf(root: Root): References {
  const urls = new Map<string, string>();
  const used = new Set<string>();
  const visit = (node: Nodes): void => {
    if (node.type === "definition" && !urls.has(node.identifier)) urls.set(node.identifier, node.url);
    if (node.type === "linkReference" || node.type === "imageReference") used.add(node.identifier);
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(root);
  return {
    urlOf: (identifier) => urls.get(identifier) ?? "",
    isUsed: ({ identifier, url }) => used.has(identifier) && urls.get(identifier) === url,
  };
}
