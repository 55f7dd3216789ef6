import { ask } from "./api.js";

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 8_000;
const KINDS = [
  "hello",
  "gap",
  "message",
  "turn_started",
  "delta",
  "tool",
  "turn_finished",
  "post",
  "pressed",
  "session",
  "job",
];

/**
 * Watches the chat and the sessions, coming back by itself after a lost connection; what was missed is told again.
 * @param {object} options
 * @param {string} options.path with its query
 * @param {(kind: string, event: any) => void} options.onEvent
 * @param {(state: "connecting" | "connected" | "lost") => void} options.onState
 */
export function watchLive({ path, onEvent, onState }) {
  /** @type {EventSource | null} */
  let source = null;
  /** @type {string | null} */
  let lastEventId = null;
  let retryMs = FIRST_RETRY_MS;
  let timer = 0;
  let isWatching = false;

  const open = () => {
    if (!isWatching || source !== null) return;
    const opened = new EventSource(lastEventId === null ? path : `${path}&lastEventId=${lastEventId}`);
    source = opened;
    for (const kind of KINDS) {
      opened.addEventListener(kind, (event) => {
        if (event.lastEventId !== "") lastEventId = event.lastEventId;
        if (kind === "hello") {
          retryMs = FIRST_RETRY_MS;
          onState("connected");
        }
        onEvent(kind, JSON.parse(event.data));
      });
    }
    opened.addEventListener("error", () => {
      opened.close();
      if (source !== opened) return;
      source = null;
      onState("lost");
      later();
    });
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(knock, retryMs);
    retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
  };
  /** An event source does not say why it failed; a plain request does, and asks for a login where one is due. */
  const knock = async () => {
    if (!isWatching || source !== null) return;
    try {
      await ask("GET", "/api/sessions?limit=1");
      open();
    } catch {
      if (isWatching) later();
    }
  };
  const hurry = () => {
    if (source !== null || document.hidden) return;
    clearTimeout(timer);
    void knock();
  };
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);

  return {
    start() {
      if (isWatching) return;
      isWatching = true;
      onState("connecting");
      open();
    },
    stop() {
      isWatching = false;
      clearTimeout(timer);
      source?.close();
      source = null;
    },
  };
}
