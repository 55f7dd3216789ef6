import { createHash } from "node:crypto";

/** Hex characters of an address that people are shown. */
export const SHOWN_ADDRESS_LENGTH = 12;

/** What a node of memory is made of; `inputs` are the addresses it was made from. */
export interface MemoryNode {
  readonly type: string;
  readonly content: string;
  readonly inputs: readonly string[];
}

/** The address of a node, 64 hex characters: the same content from the same inputs, in whatever order, is the same node. */
export function nodeAddress({ type, content, inputs }: MemoryNode): string {
  const text = content.replace(/\r\n?/g, "\n").normalize("NFC").toWellFormed();
  const canonical = JSON.stringify(["v1", type, text, [...new Set(inputs)].sort()]);
  return createHash("sha256").update(canonical).digest("hex");
}

/** The address that the working-memory store in Python gave, 12 hex characters; different nodes can have one. */
export function legacyAddr({ type, content, inputs }: MemoryNode): string {
  // Python sorts by code points, JavaScript by UTF-16 units: UTF-8 has the order of code points.
  const sorted = inputs.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const joined = [type, content, sorted.join(",")].join("\n");
  return createHash("sha256").update(joined).digest("hex").slice(0, 12);
}
