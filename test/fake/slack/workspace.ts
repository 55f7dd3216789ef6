import type { FakeBlock, FakeMetadata } from "./post-rules.ts";

/** A conversation. */
export interface FakeChannel {
  readonly id: string;
  readonly type: "im" | "mpim" | "channel" | "group";
  readonly name: string;
  readonly topic: string;
  readonly isArchived: boolean;
  /** Whether the bot is in it. Absent: it is. */
  readonly isMember?: false;
}

/** A message in a channel's history, in Slack's own words. */
export interface FakeMessage {
  readonly type: "message";
  readonly ts: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly subtype?: string;
  readonly thread_ts?: string;
  text: string;
  blocks?: readonly FakeBlock[];
  metadata?: FakeMetadata;
  readonly files?: readonly unknown[];
  readonly reactions: Set<string>;
}

/** One workspace: who is in it and what was said. */
export interface FakeWorkspace {
  readonly users: Map<string, { name: string; displayName: string }>;
  readonly channels: Map<string, FakeChannel>;
  /** Who belongs to a user group. */
  readonly userGroups: Map<string, readonly string[]>;
  /** A new `ts`, later than all before. */
  newTs(): string;
  /** The channel; made on first use, by the first letter of its id (D: im, G: group, else channel). */
  channel(id: string): FakeChannel;
  add(
    channelId: string,
    message: Omit<FakeMessage, "type" | "ts" | "reactions"> & { readonly ts?: string },
  ): FakeMessage;
  find(channelId: string, ts: string): FakeMessage | undefined;
  remove(channelId: string, ts: string): boolean;
  /** Everything said in a channel, threads included, the earliest first. */
  said(channelId: string): readonly FakeMessage[];
}

/** Makes a workspace with Ada (`U0ADA`), Bob (`U0BOB`), their direct messages with the bot and the channel `C0GENERAL`. */
export function fakeWorkspace(): FakeWorkspace {
  const users = new Map([
    ["U0ADA", { name: "ada", displayName: "ada" }],
    ["U0BOB", { name: "bob", displayName: "" }],
  ]);
  const channels = new Map<string, FakeChannel>();
  const messages = new Map<string, Map<string, FakeMessage>>();
  let lastMicros = 0;

  const workspace: FakeWorkspace = {
    users,
    channels,
    userGroups: new Map(),
    newTs() {
      lastMicros = Math.max(lastMicros + 1, Date.now() * 1000);
      return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, "0")}`;
    },
    channel(id) {
      const known = channels.get(id);
      if (known !== undefined) return known;
      const type = id.startsWith("D") ? "im" : id.startsWith("G") ? "group" : "channel";
      const made: FakeChannel = { id, type, name: type === "im" ? "" : id.toLowerCase(), topic: "", isArchived: false };
      channels.set(id, made);
      return made;
    },
    add(channelId, { ts = workspace.newTs(), ...said }) {
      const message: FakeMessage = { type: "message", ts, ...said, reactions: new Set() };
      const inChannel = messages.get(workspace.channel(channelId).id) ?? new Map<string, FakeMessage>();
      messages.set(channelId, inChannel);
      inChannel.set(ts, message);
      return message;
    },
    find: (channelId, ts) => messages.get(channelId)?.get(ts),
    remove: (channelId, ts) => messages.get(channelId)?.delete(ts) ?? false,
    said: (channelId) => [...(messages.get(channelId)?.values() ?? [])].sort((a, b) => Number(a.ts) - Number(b.ts)),
  };
  for (const id of ["D0ADA", "D0BOB", "C0GENERAL"]) workspace.channel(id);
  return workspace;
}
