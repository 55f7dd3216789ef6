/** What the fake model answers to one request, in either API. */
export type ModelReply =
  | {
      readonly kind: "answer";
      readonly deltas: readonly string[];
      readonly calls?: readonly { readonly id: string; readonly name: string; readonly input: string }[];
      /** What the model thinks before it speaks. */
      readonly reasoning?: string;
      readonly tokens?: Tokens;
      /** In the API's own words; absent: its normal end. */
      readonly finish?: string;
      /** Awaited between the deltas and the end. */
      readonly hold?: Promise<void>;
    }
  /** An HTTP error. */
  | {
      readonly kind: "error";
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** An error inside a stream that began well. */
  | { readonly kind: "stream_error"; readonly deltas: readonly string[]; readonly error: unknown }
  /** The connection is lost after the deltas. */
  | { readonly kind: "cut"; readonly deltas: readonly string[] }
  /** The headers come, or not even they, and then nothing. */
  | { readonly kind: "silence"; readonly withHeaders: boolean }
  /** Bytes of a stream as they are. */
  | { readonly kind: "bytes"; readonly chunks: readonly Uint8Array[] };

/** What the fake says it counted; `cached` and `written` are part of `input` for OpenAI, and beside it for Anthropic. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
  readonly written?: number;
}
