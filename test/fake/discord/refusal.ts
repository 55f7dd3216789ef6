/** An answer that is no success: thrown by what performs a call. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: unknown;

  constructor(status: number, code: number, message: string, errors?: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** The body's field breaks a rule: what Discord says with code 50035. */
export function formRefusal(field: string, code: string, message: string): Refusal {
  return new Refusal(400, 50035, "Invalid Form Body", { [field]: { _errors: [{ code, message }] } });
}
