import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** `npm test` says where there is a faster place than the system's own. */
const parent = process.env.PARLEY_TEST_FOLDERS ?? tmpdir();

/** A folder of a test's own, removed with everything in it when it is disposed. */
export function tempDir(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(parent, "parley-test-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
