import type { Deeds } from "./record.ts";
import { Refusal } from "./refusal.ts";
import { type PostBody, readPostBody } from "./validate.ts";
import type { World } from "./world.ts";

/** Discord gives up on an interaction that is not acknowledged by then. */
const ACKNOWLEDGE_BY_MS = 3_000;

interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly channelId: string;
  readonly bornMs: number;
  isAcknowledged: boolean;
  /** Its answer is seen by whoever gave it alone: the acknowledgement said so. */
  isPrivate: boolean;
  originalId: string | null;
}

const EPHEMERAL = 64;

/** A file that came with a call. */
export type FakeFile = { readonly name: string; readonly type: string; readonly bytes: Uint8Array };

/** Interactions and what answers them. */
export type FakeInteractions = ReturnType<typeof makeInteractions>;

/** None yet. */
export function makeInteractions(world: World, deeds: Deeds, onPost: (content: string, channelId: string) => void) {
  const byToken = new Map<string, Interaction>();

  const find = (token: string | undefined): Interaction => {
    const found = byToken.get(token ?? "");
    if (found === undefined) throw new Refusal(401, 50027, "Invalid Webhook Token");
    return found;
  };

  return {
    begin(channelId: string): Interaction {
      const id = world.newId();
      const bornMs = world.nowMs();
      const interaction = {
        id,
        token: `token-${id}`,
        channelId,
        bornMs,
        isAcknowledged: false,
        isPrivate: false,
        originalId: null,
      };
      byToken.set(interaction.token, interaction);
      return interaction;
    },
    /** The tokens end: what they answer is over. */
    expireAll(): void {
      byToken.clear();
    },
    callback(token: string | undefined, body: { type: number; data?: unknown }): void {
      const interaction = byToken.get(token ?? "");
      const isLate = interaction !== undefined && world.nowMs() - interaction.bornMs > ACKNOWLEDGE_BY_MS;
      if (interaction === undefined || isLate) throw new Refusal(404, 10062, "Unknown interaction");
      if (interaction.isAcknowledged) throw new Refusal(400, 40060, "Interaction has already been acknowledged.");
      interaction.isAcknowledged = true;
      deeds.callbacks.push({ interactionId: interaction.id, type: body.type, data: body.data, atMs: world.nowMs() });
      if (body.type !== 5) return;
      interaction.isPrivate = ((body.data as { flags?: number } | undefined)?.flags ?? 0) === EPHEMERAL;
      const { channelId } = interaction;
      interaction.originalId = world.addMessage(
        { channelId, author: world.bot, content: "" },
        { type: 20, flags: 128 },
      ).id;
    },
    editOriginal(token: string | undefined, given: unknown, files: readonly FakeFile[]) {
      const interaction = find(token);
      const body: PostBody = readPostBody(given, files.length);
      const { originalId, channelId } = interaction;
      const message = originalId === null ? undefined : world.findMessage(channelId, originalId);
      if (message === undefined) throw new Refusal(404, 10008, "Unknown Message");
      const isFirst = (message.flags & 128) !== 0;
      message.content = body.content ?? "";
      message.flags = interaction.isPrivate ? EPHEMERAL : 0;
      message.components = body.components ?? [];
      if (isFirst) {
        const { id } = message;
        const { content, components } = message;
        const post = { id, channelId, content, components, nonce: null, replyTo: null, files, body };
        deeds.posts.push({ ...post, interactionId: interaction.id, isPrivate: interaction.isPrivate });
        onPost(content, channelId);
      } else {
        deeds.edits.push({ messageId: message.id, content: message.content });
        const post = deeds.posts.find(({ id }) => id === message.id);
        if (post !== undefined) post.content = message.content;
      }
      return message;
    },
    deleteOriginal(token: string | undefined): void {
      const { originalId, channelId } = find(token);
      if (originalId === null) throw new Refusal(404, 10008, "Unknown Message");
      world.removeMessage(channelId, originalId);
    },
    followUp(token: string | undefined, given: unknown, files: readonly FakeFile[]) {
      const { content = "", flags = 0 } = readPostBody(given, files.length);
      const interaction = find(token);
      // The first one after a deferred answer takes its place, and is as visible as that.
      const isPending =
        interaction.originalId !== null && !deeds.posts.some((post) => post.interactionId === interaction.id);
      const isPrivate = isPending ? interaction.isPrivate : flags === EPHEMERAL;
      deeds.followups.push({ interactionId: interaction.id, content, isPrivate });
      return { id: world.newId(), content, flags };
    },
  };
}
