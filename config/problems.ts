/** One mistake: where it is and, in one line, what was expected, what came and what to do. */
export interface Problem {
  /** `platforms.slack.appToken`; for the file itself its name, with line and column where they are known. */
  readonly path: string;
  readonly message: string;
}

/** The configuration cannot be used; the message has one line for each mistake, all of them at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map((problem) => `${problem.path}: ${problem.message}`).join("\n"), options);
    this.problems = problems;
  }
}

/** Keeps the first problem of each path: what is found later there follows from it. */
export function firstOfEachPath(problems: readonly Problem[]): readonly Problem[] {
  const byPath = new Map<string, Problem>();
  for (const problem of problems) {
    if (!byPath.has(problem.path)) {
      byPath.set(problem.path, problem);
    }
  }
  return [...byPath.values()];
}

/** The words of a problem: `advice` is whole sentences, or null. */
export function problemMessage(expected: string, got: string, advice: string | null): string {
  return `expected ${expected}, got ${got}.${advice === null ? "" : ` ${advice}`}`;
}
