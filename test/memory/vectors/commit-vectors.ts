import { readMemoryVectors } from "./read-vectors.ts";

/** One run of the reference: what is not read here is in a note. */
export type Vectors = Readonly<Record<string, unknown>> & {
  readonly prepare_token: Readonly<Record<string, unknown>>;
  readonly merge_counts: readonly { readonly archives: number; readonly max: number; readonly merged: number }[];
  readonly tokens: Readonly<Record<string, number>>;
  readonly active_task: Readonly<Record<string, string>>;
  readonly should_compress: Readonly<Record<string, boolean>>;
  readonly fusion: { readonly overviews: readonly string[] };
};
/** The vectors of commits. */
export const vectors = readMemoryVectors<Vectors>("commits");
/** The fields of one of them. */
export const given = (name: string) => vectors[name] as Readonly<Record<string, unknown>>;
/** Some fields of one of them. */
export const only = (name: string, ...fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [field, given(name)[field]]));
