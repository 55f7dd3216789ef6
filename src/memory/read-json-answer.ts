/** What is read of a model's answer, in UTF-16 units: many times what we ask for. */
const MAX_ANSWER_LENGTH = 200_000;
/** Places where JSON may begin that are tried: prose before it seldom has more than a bracket or two. */
const MAX_STARTS = 8;
/** Deeper nesting is none of ours. */
const MAX_DEPTH = 32;

/**
 * The JSON object or list in a model's answer: with fences or prose around it, with commas too many, or broken off, as far as
 * it is whole. Undefined when there is none.
 */
export function readJsonAnswer(answer: string): unknown {
  const text = answer.slice(0, MAX_ANSWER_LENGTH);
  let from = 0;
  for (let start = 0; start < MAX_STARTS; start += 1) {
    const at = text.slice(from).search(/[{[]/);
    if (at === -1) return undefined;
    const found = readAt(text, from + at);
    if (found !== undefined) return found;
    from += at + 1;
  }
  return undefined;
}

function readAt(text: string, start: number): unknown {
  const { end, closed } = span(text, start);
  // An object that ends is the answer or none; one that breaks off is closed where it was last whole.
  return parsed(text.slice(start, end) + closed);
}

/** From a bracket to where it closes; else to the last place at which closing all that is open makes it whole. */
function span(text: string, start: number): { readonly end: number; readonly closed: string } {
  const open: string[] = [];
  let whole = { end: start, closed: "" };
  let isString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isString) {
      if (character === "\\") at += 1;
      else if (character === '"') isString = false;
      continue;
    }
    if (character === '"') isString = true;
    else if (character === "{" || character === "[") {
      if (open.length >= MAX_DEPTH) break;
      open.push(character === "{" ? "}" : "]");
    } else if (character === ",") whole = { end: at, closed: open.toReversed().join("") };
    else if (character === "}" || character === "]") {
      if (open.pop() !== character) break;
      whole = { end: at + 1, closed: open.toReversed().join("") };
      if (open.length === 0) break;
    }
  }
  return whole;
}

function parsed(json: string): unknown {
  for (const text of [json, withoutLooseCommas(json)]) {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === "object" && value !== null) return value;
    } catch {
      // A model's answer that is no JSON is nothing exceptional: the next way of reading it is tried.
    }
  }
  return undefined;
}

/** Commas before a closing bracket, outside of strings. */
function withoutLooseCommas(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/gs, (_, text: string | undefined) => text ?? "");
}
