import { SocketModeClient, type SocketModeOptions } from "@slack/socket-mode";
import { z } from "zod";

const disconnectMessage = z.object({ type: z.literal("disconnect"), reason: z.string().nullish() });
/** Slack's `disconnect` message is under 200 characters; longer ones are events and aren't looked into for it. */
const MAX_DISCONNECT_LENGTH = 1000;

/** What a connection tells beside its events. */
export interface SocketSigns {
  /** Something came over the socket. */
  heard(): void;
  /** Slack is about to close the connection, for this reason. */
  leaving(reason: string): void;
  /** Something came that is no message of Slack's. */
  garbled(): void;
}

/**
 * The library's client, as far as it can't end the process: what it throws over a message it can't read, nobody would catch. It
 * never reconnects by itself (see `connection.ts`).
 */
export class SocketClient extends SocketModeClient {
  readonly #signs: SocketSigns;

  constructor(options: SocketModeOptions, signs: SocketSigns) {
    super({ ...options, autoReconnectEnabled: false });
    this.#signs = signs;
  }

  protected override async onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    this.#signs.heard();
    const reason = disconnectReasonOf(data);
    if (reason !== null) this.#signs.leaving(reason);
    try {
      await super.onWebSocketMessage(data, isBinary);
    } catch {
      // The message is not one of Slack's; that it came is counted, what it was is no business of a log.
      this.#signs.garbled();
    }
  }
}

function disconnectReasonOf(data: string | ArrayBuffer): string | null {
  if (typeof data !== "string" || data.length > MAX_DISCONNECT_LENGTH || !data.includes('"disconnect"')) return null;
  try {
    const read = disconnectMessage.safeParse(JSON.parse(data));
    return read.success ? (read.data.reason ?? "unknown") : null;
  } catch {
    // No JSON: the client drops it.
    return null;
  }
}
