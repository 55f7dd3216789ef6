import type { PostEdit } from "../../src/message/message.ts";
import { type MemoryAdapter, memoryAdapter } from "./memory-adapter.ts";

/** A platform in memory whose posts can be changed. */
export interface EditableAdapter {
  readonly adapter: MemoryAdapter;
  readonly edits: readonly PostEdit[];
  /** What a reader sees now, post by post. */
  shown(): readonly string[];
  /** Called before each change; what it throws, the change throws. */
  readonly beforeEdit: { act: () => void };
}

/** Makes an empty one; posts take `maxLength` characters where it is given. */
export function editableAdapter(maxLength?: number): EditableAdapter {
  const edits: PostEdit[] = [];
  const beforeEdit = { act: () => {} };
  const pieces = maxLength === undefined ? null : new RegExp(`.{1,${maxLength}}`, "gs");
  const adapter = memoryAdapter({
    ...(pieces === null ? {} : { split: (markdown: string) => markdown.match(pieces) ?? [markdown] }),
    async edit(edit) {
      beforeEdit.act();
      edits.push(edit);
    },
  });
  const textOf = (outboxId: number, first: string) =>
    edits.findLast(({ postId }) => postId === `post-${outboxId}`)?.text ?? first;
  return { adapter, edits, shown: () => adapter.posts.map((post) => textOf(post.outboxId, post.text)), beforeEdit };
}
