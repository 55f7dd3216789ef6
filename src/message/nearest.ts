/** The candidate that differs least from `text`; null when none is near enough to be a slip of the finger. */
export function nearest(text: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(text.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Longest text that is compared, in UTF-16 units; keys are far shorter, and the cost grows with the square. */
const MAX_COMPARED_LENGTH = 64;

/** How many letters must be added, removed, replaced or swapped with their neighbour. */
function editDistance(left: string, right: string): number {
  if (left.length > MAX_COMPARED_LENGTH || right.length > MAX_COMPARED_LENGTH) {
    return Number.POSITIVE_INFINITY;
  }
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replace = at(last, column - 1) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const swaps = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const swap = swaps ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(at(last, column) + 1, at(current, column - 1) + 1, replace, swap));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
