import { textOf } from "./call-arguments.ts";
import type { CallArguments } from "./faults.ts";
import { type ApiAnswer, type ApiState, refusal } from "./web-api.ts";

/** A file, from the moment its upload is announced. */
export interface FakeFile {
  readonly id: string;
  readonly name: string;
  readonly lengthBytes: number;
  bytes: Buffer | null;
}

/** A file as it was posted. */
export interface FakeFilePost {
  readonly channel: string;
  readonly threadTs: string | null;
  readonly file: FakeFile;
  readonly comment: string | null;
}

/** Uploads in three steps (docs.slack.dev/messaging/working-with-files#uploading_files), and downloads. */
export interface FakeFiles {
  readonly posts: FakeFilePost[];
  announce(args: CallArguments, url: string): ApiAnswer;
  /** Takes the bytes; false when no such upload was announced, or the length is another. */
  put(id: string, bytes: Buffer): boolean;
  complete(args: CallArguments, state: ApiState): ApiAnswer;
  /** Offers a file for download, as if a person had sent it; returns its id. */
  offer(name: string, bytes: Buffer): string;
  get(id: string): FakeFile | undefined;
}

/** Makes an empty store of files. */
export function fakeFiles(): FakeFiles {
  const files = new Map<string, FakeFile>();
  const posts: FakeFilePost[] = [];
  const add = (name: string, lengthBytes: number, bytes: Buffer | null) => {
    const id = `F0FILE${files.size + 1}`;
    files.set(id, { id, name, lengthBytes, bytes });
    return id;
  };
  return {
    posts,
    announce(args, url) {
      const name = textOf(args, "filename");
      if (name === undefined || args.length === undefined) return refusal("invalid_arguments");
      const id = add(name, Number(args.length), null);
      return { ok: true, upload_url: `${url}/upload/v1/${id}`, file_id: id };
    },
    put(id, bytes) {
      const file = files.get(id);
      if (file === undefined || file.lengthBytes !== bytes.byteLength) return false;
      file.bytes = bytes;
      return true;
    },
    complete(args, { workspace, bot }) {
      const channel = textOf(args, "channel_id") ?? "";
      if (!workspace.channels.has(channel)) return refusal("channel_not_found");
      const ids = Array.isArray(args.files) ? args.files.map((each: { id?: unknown }) => String(each.id)) : [];
      const shared = ids.map((id) => files.get(id)).filter((file) => file?.bytes != null);
      if (shared.length === 0 || shared.length !== ids.length) return refusal("invalid_arguments");
      const threadTs = textOf(args, "thread_ts");
      const comment = textOf(args, "initial_comment");
      for (const file of shared) {
        if (file !== undefined) posts.push({ channel, threadTs: threadTs ?? null, file, comment: comment ?? null });
      }
      workspace.add(channel, {
        user: bot.userId,
        bot_id: bot.botId,
        subtype: "file_share",
        text: comment ?? "",
        files: ids.map((id) => ({ id })),
        ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      });
      return { ok: true, files: ids.map((id) => ({ id, title: files.get(id)?.name })) };
    },
    offer: (name, bytes) => add(name, bytes.byteLength, bytes),
    get: (id) => files.get(id),
  };
}
