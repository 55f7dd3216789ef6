import { memoryLine } from "./memory-line.ts";

/** What ends a sentence or quotes it, and says nothing: in Latin and CJK. */
const ends =
  /^[\s"'`\u2018\u2019\u201c\u201d\u300c\u300d]+|[\s.,:;!?"'`\u2018\u2019\u201c\u201d\u2026\u3001\u3002\u300c\u300d\uff01\uff0c\uff1a\uff1b\uff1f]+$/gu;

/** What two memories have in common that say the same in the same words; empty for what says nothing. */
export function fingerprint(content: string): string {
  // Lower case of İ is i and a dot above, which nobody types.
  return memoryLine(content).toLowerCase().replaceAll("i\u0307", "i").replace(ends, "");
}
