import type { Clock } from "../clock/clock.ts";
import { FirstByteTimeout } from "./first-byte-timeout.ts";

/** Most bytes of one response: an answer of 1 MB, sent token by token, is about a quarter of it. */
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

/**
 * A `fetch` for model endpoints. It fails with `FirstByteTimeout` when the first byte of the body takes too long: headers
 * alone, which some servers send before they load the model, do not count. It follows no redirect: a key goes to the
 * configured address and nowhere else.
 */
export function modelFetch(clock: Clock, firstByteTimeoutMs: number): typeof fetch {
  return async (input, init) => {
    const late = new AbortController();
    const timer = clock.setTimer(firstByteTimeoutMs, () => late.abort(new FirstByteTimeout(firstByteTimeoutMs)));
    const given = init?.signal ?? null;
    given?.addEventListener("abort", () => timer.cancel(), { once: true });
    const signal = given === null ? late.signal : AbortSignal.any([given, late.signal]);
    try {
      const response = await fetch(input, { ...init, signal, redirect: "manual" });
      if (response.body !== null)
        return new Response(response.body.pipeThrough(watched(() => timer.cancel())), response);
      timer.cancel();
      return response;
    } catch (error) {
      timer.cancel();
      throw error;
    }
  };
}

function watched(onByte: () => void): TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  let sizeBytes = 0;
  return new TransformStream({
    transform(chunk: Uint8Array<ArrayBuffer>, controller) {
      if (sizeBytes === 0) onByte();
      sizeBytes += chunk.byteLength;
      if (sizeBytes > MAX_RESPONSE_BYTES) throw new Error(`the response is longer than ${MAX_RESPONSE_BYTES} bytes`);
      controller.enqueue(chunk);
    },
    flush: onByte,
  });
}
