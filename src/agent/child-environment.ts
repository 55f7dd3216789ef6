/** Where programs are looked for when our own environment does not say. */
const USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

/** A program's whole environment: what the configuration says and our PATH, so that it is found. Nothing else of ours: tokens are in there. */
export function childEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: process.env.PATH ?? USUAL_PATH, ...env };
}
