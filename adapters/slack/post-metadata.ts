/** How our posts are told from all others (docs.slack.dev/messaging/message-metadata). */
const EVENT_TYPE = "parley_post";

/** What a post carries unseen: which outbox row it is, of which installation (`seed`). */
export function postMetadata(
  outboxId: number,
  seed: string,
): { event_type: string; event_payload: Record<string, unknown> } {
  return { event_type: EVENT_TYPE, event_payload: { outbox_id: outboxId, seed } };
}

/** Whether what a post carries says that it is this outbox row of this installation. */
export function carries(
  metadata:
    | {
        readonly event_type?: string | null | undefined;
        readonly event_payload?: Record<string, unknown> | null | undefined;
      }
    | null
    | undefined,
  outboxId: number,
  seed: string,
): boolean {
  const payload = metadata?.event_payload;
  return metadata?.event_type === EVENT_TYPE && payload?.outbox_id === outboxId && payload.seed === seed;
}
