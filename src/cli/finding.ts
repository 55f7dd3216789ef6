/** One thing `parley doctor` looked at. */
export interface Finding {
  readonly subject: string;
  readonly isProblem: boolean;
  /** What was found; of a problem also what to do. */
  readonly message: string;
}

/** Something that is as it should be. */
export function fine(subject: string, message: string): Finding {
  return { subject, isProblem: false, message };
}

/** Something that somebody has to look at. */
export function problem(subject: string, message: string): Finding {
  return { subject, isProblem: true, message };
}
