import { z } from "zod";
import { formRefusal, Refusal } from "./refusal.ts";

const button = z.object({
  type: z.literal(2),
  style: z.number(),
  label: z.string().min(1).max(80),
  custom_id: z.string().min(1).max(100),
});
const row = z.object({ type: z.literal(1), components: z.array(button).min(1).max(5) });

const body = z.object({
  content: z.string().optional(),
  nonce: z.union([z.string(), z.number()]).optional(),
  enforce_nonce: z.boolean().optional(),
  message_reference: z.object({ message_id: z.string(), fail_if_not_exists: z.boolean().optional() }).optional(),
  allowed_mentions: z.unknown().optional(),
  components: z.array(row).max(5).optional(),
  flags: z.number().optional(),
});

/** What a post or an edit may say. */
export type PostBody = z.infer<typeof body>;

/** Reads a post's body as Discord does; throws the refusal it answers with. `fileCount` files come with it. */
export function readPostBody(given: unknown, fileCount: number): PostBody {
  const parsed = body.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw formRefusal(issue?.path.join(".") ?? "body", "BASE_TYPE_BAD", issue?.message ?? "bad");
  }
  const { content = "", nonce, components = [] } = parsed.data;
  if (content.length > 2000) throw formRefusal("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.");
  if (content.trim() === "" && fileCount === 0) throw new Refusal(400, 50006, "Cannot send an empty message");
  if (String(nonce ?? "").length > 25)
    throw formRefusal("nonce", "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer in length.");
  const ids = components.flatMap((each) => each.components.map((one) => one.custom_id));
  if (new Set(ids).size < ids.length) {
    throw formRefusal("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
  }
  return parsed.data;
}
