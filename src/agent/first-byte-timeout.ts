/** A model's endpoint sent nothing for as long as it may take to begin. */
export class FirstByteTimeout extends Error {
  override readonly name = "FirstByteTimeout";

  constructor(timeoutMs: number) {
    super(`not one byte within ${timeoutMs / 1_000} s`);
  }
}
