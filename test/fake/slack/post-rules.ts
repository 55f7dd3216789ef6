import { z } from "zod";
import type { CallArguments } from "./faults.ts";

// docs.slack.dev/reference/block-kit/blocks and docs.slack.dev/reference/methods/chat.postMessage, as far as a bot's posts go.
const MAX_TEXT = 40_000;
const MAX_MARKDOWN = 12_000;

const button = z.object({
  type: z.literal("button"),
  text: z.object({ type: z.literal("plain_text"), text: z.string().min(1).max(75) }),
  action_id: z.string().min(1).max(255),
  value: z.string().max(2000),
  style: z.enum(["primary", "danger"]).optional(),
});

const block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("markdown"), text: z.string().min(1) }),
  z.object({
    type: z.literal("section"),
    text: z.object({ type: z.literal("mrkdwn"), text: z.string().min(1).max(3000) }),
  }),
  z.object({
    type: z.literal("actions"),
    elements: z
      .array(button)
      .min(1)
      .max(25)
      .refine((elements) => new Set(elements.map((each) => each.action_id)).size === elements.length),
  }),
]);
const blocks = z.array(block).max(50);
const metadata = z.object({ event_type: z.string().min(1), event_payload: z.record(z.string(), z.unknown()) });

/** A block that was posted. */
export type FakeBlock = z.output<typeof block>;
/** What an app hung on its post. */
export type FakeMetadata = z.output<typeof metadata>;

/** What a post says once it is taken; `blocks` and `metadata` are null where the call has none. */
export interface PostContent {
  readonly text: string;
  readonly blocks: readonly FakeBlock[] | null;
  readonly metadata: FakeMetadata | null;
}

/** A post's content, or Slack's word for why it is refused. */
export function readPost(args: CallArguments): PostContent | string {
  const text = typeof args.text === "string" ? args.text : "";
  if (text.length > MAX_TEXT) return "msg_too_long";
  const read = args.blocks === undefined ? null : blocks.safeParse(args.blocks);
  if (read?.success === false) return "invalid_blocks";
  const written = read === null ? null : read.data;
  const markdown = (written ?? []).reduce((sum, each) => sum + (each.type === "markdown" ? each.text.length : 0), 0);
  if (markdown > MAX_MARKDOWN) return "msg_blocks_too_long";
  if (text === "" && (written ?? []).length === 0) return "no_text";
  const tag = args.metadata === undefined ? null : metadata.safeParse(args.metadata);
  if (tag?.success === false) return "invalid_metadata_format";
  return { text, blocks: written, metadata: tag === null ? null : tag.data };
}
