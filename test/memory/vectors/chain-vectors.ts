import { readMemoryVectors } from "./read-vectors.ts";

/** A node as the vectors write it. */
export type Node = readonly [type: string, content: string, inputs: readonly string[]];
type Fields = Readonly<Record<string, unknown>>;
type Vectors = Readonly<Record<string, unknown>> & {
  readonly addresses: readonly {
    readonly type: string;
    readonly content: string;
    readonly inputs: readonly string[];
    readonly addr: string;
  }[];
  readonly collisions: readonly { readonly a: Node; readonly b: Node; readonly equal: boolean }[];
};
/** The vectors of the working-memory reference. */
export const vectors = readMemoryVectors<Vectors>("chains");
/** The fields of one of them. */
export const given = (name: string) => vectors[name] as Fields;
/** Some fields of one of them. */
export const only = (name: string, ...fields: readonly string[]) =>
  Object.fromEntries(fields.map((field) => [field, given(name)[field]]));
