import { slackAdapter } from "../../adapters/slack/adapter.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { fakeSlack } from "../fake/slack/fake-slack.ts";
import type { SlackFault } from "../fake/slack/faults.ts";
import type { ChatWorld, Place, PostFault, SaidHow, SeenPost } from "./chat-world.ts";

/** The channel that all threads are in. */
const THREADS = "C0THREADS";
/** Sooner than Slack repeats a delivery, so that tests need not wait for it. */
const REDELIVER_AFTER_MS = 500;

/** Slack in Socket Mode. */
export async function openSlackWorld(nth: number): Promise<ChatWorld> {
  const botToken = `xoxb-${nth}-secret-of-the-slack-bot`;
  const appToken = `xapp-${nth}-secret-of-the-slack-app`;
  const slack = await fakeSlack({ botToken, appToken, redeliverAfterMs: REDELIVER_AFTER_MS });
  const threads = new Map<number, string>();

  const personOf = (number: number): string => {
    const id = `U${String(number).padStart(8, "0")}`;
    if (!slack.workspace.users.has(id)) {
      slack.workspace.users.set(id, { name: `person${number}`, displayName: `Person ${number}` });
    }
    return id;
  };
  const ownerOf = (place: { readonly chatId: string }) =>
    place.chatId.startsWith("D") ? Number(place.chatId.slice(1)) : 1;
  const attached = (file: NonNullable<SaidHow["file"]>) => {
    const id = slack.files.offer(file.name, file.bytes);
    const url_private_download = `${slack.url}/files-pri/${id}`;
    return [{ id, name: file.name, mimetype: file.mimeType, size: file.bytes.byteLength, url_private_download }];
  };
  const textPosts = (): readonly (SeenPost & { readonly order: number })[] =>
    slack.posts.map(({ channel, ts, threadTs }) => {
      const now = slack.workspace.find(channel, ts);
      const blocks = now?.blocks ?? [];
      const text = now?.text ?? "";
      const markup = blocks.flatMap((block) => (block.type === "markdown" ? [block.text] : [])).join("\n");
      const buttons = blocks.flatMap((block) => (block.type === "actions" ? block.elements : []));
      return {
        postId: ts,
        chatId: channel,
        threadId: threadTs,
        text,
        markup: markup === "" ? text : markup,
        replyTo: null,
        file: null,
        buttons: buttons.map(({ value }) => value),
        order: Number(ts),
      };
    });
  const filePosts = (): readonly SeenPost[] =>
    slack.files.posts.map(({ channel, threadTs, file, comment }) => ({
      postId: file.id,
      chatId: channel,
      threadId: threadTs,
      text: comment ?? "",
      markup: comment ?? "",
      replyTo: null,
      file: { name: file.name, bytes: file.bytes ?? Buffer.alloc(0) },
      buttons: [],
    }));

  return {
    platform: "slack",
    section: { botToken, appToken, apiUrl: slack.apiUrl },
    secrets: [botToken, appToken],
    openAdapter: ({ events, account = "default", token = botToken }) =>
      slackAdapter({
        account,
        botToken: token,
        appToken,
        signingSecret: null,
        apiUrl: slack.apiUrl,
        mode: "socket",
        replyInThread: true,
        seedDmThreads: true,
        postSeed: "salt",
        clock: systemClock,
        events,
      }),
    dm: (person) => ({ chatType: "dm", chatId: personOf(person).replace("U", "D"), threadId: null }),
    group: (number) => ({ chatType: "channel", chatId: `C${String(number).padStart(8, "0")}`, threadId: null }),
    thread(number) {
      const root =
        threads.get(number) ?? slack.sayUnheard({ text: `root of ${number}`, channel: THREADS, user: "U0BOB" });
      threads.set(number, root);
      return { chatType: "thread", chatId: THREADS, threadId: root };
    },
    outside() {
      const channel = slack.workspace.channel("C0OUTSIDE");
      slack.workspace.channels.set(channel.id, { ...channel, isMember: false });
      return { chatType: "channel", chatId: channel.id, threadId: null };
    },
    userId: personOf,
    say(place, text, { person = ownerOf(place), mentionsBot = false, file } = {}) {
      const said = {
        text,
        channel: place.chatId,
        user: personOf(person),
        ...(place.threadId === null ? {} : { threadTs: place.threadId }),
        ...(file === undefined ? {} : { files: attached(file) }),
      };
      const before = slack.sockets.envelopes.length;
      const ts = mentionsBot ? slack.mention(said) : slack.say(said);
      const sent = slack.sockets.envelopes.slice(before);
      return {
        messageId: ts,
        place: placeOf(place, ts, mentionsBot),
        redeliver() {
          for (const { type, payload } of sent) slack.sockets.deliver(type, payload);
        },
        edit: (changed) => slack.change(place.chatId, ts, changed),
        remove() {
          slack.workspace.remove(place.chatId, ts);
          const about = { channel: place.chatId, hidden: true, ts: slack.workspace.newTs(), deleted_ts: ts };
          slack.event({ type: "message", subtype: "message_deleted", ...about });
        },
      };
    },
    botSays(place, text, { mentionsBot = false } = {}) {
      slack.event({
        type: mentionsBot ? "app_mention" : "message",
        channel: place.chatId,
        channel_type: place.chatType === "dm" ? "im" : "channel",
        user: "U0OTHERBOT",
        bot_id: "B0OTHER",
        app_id: "A0OTHER",
        text: mentionsBot ? `<@${slack.bot.userId}> ${text}` : text,
        ts: slack.workspace.newTs(),
        ...(place.threadId === null ? {} : { thread_ts: place.threadId }),
      });
    },
    useCommand(place, name, person = ownerOf(place)) {
      const channelName = place.chatType === "dm" ? "directmessage" : slack.workspace.channel(place.chatId).name;
      slack.command(name, { channel: place.chatId, channelName, user: personOf(person) });
    },
    press: (post, command, person = ownerOf(post)) =>
      void slack.press(command, {
        channel: post.chatId,
        ts: post.postId,
        threadTs: post.threadId,
        user: personOf(person),
      }),
    pressesConfirmed: () =>
      slack.sockets.envelopes.filter(({ type, ackedAtMs }) => type === "interactive" && ackedAtMs !== null).length,
    sendOddEvents() {
      slack.event({ type: "new_kind_of_event", channel: "C1" });
      slack.event({ type: "message" });
      slack.sockets.sendRaw("no JSON");
      slack.sockets.sendRaw('{"type":"new_kind_of_envelope"}');
    },
    privatePosts: () => slack.ephemerals.map(({ text, user }) => ({ text, userId: user })),
    posts: () => [...textPosts(), ...filePosts()],
    editCount: () => slack.edits.length,
    typingCount: () => slack.statuses.length + slack.calls.filter(({ method }) => method === "reactions.add").length,
    draftCount: () => 0,
    fault(fault, place) {
      const where =
        place === undefined ? {} : { where: (args: object) => "channel" in args && args.channel === place.chatId };
      slack.faults.next("chat.postMessage", faultOf(fault), where);
    },
    refuseMarkup() {
      slack.faults.next("chat.postMessage", { kind: "error", error: "invalid_blocks" });
      return true;
    },
    dropConnections: () => slack.sockets.drop(),
    forgetsWhileDown() {
      slack.sockets.losesWhileDown = true;
    },
    isConnected: () => slack.sockets.count() > 0,
    unconfirmed: () => slack.sockets.envelopes.filter(({ ackedAtMs }) => ackedAtMs === null).length,
    [Symbol.asyncDispose]: () => slack.close(),
  };
}

/** A mention in a channel opens a thread, to which it belongs. */
function placeOf(place: Place, ts: string, isMention: boolean): Place {
  return isMention && place.chatType === "channel" ? { chatType: "thread", chatId: place.chatId, threadId: ts } : place;
}

function faultOf(fault: PostFault): SlackFault {
  switch (fault.kind) {
    case "rate_limited":
      return { kind: "rate_limited", retryAfterSeconds: fault.retryAfterSeconds };
    case "unanswered":
      return { kind: "done_but_unanswered" };
    case "cut":
      return { kind: "close" };
    case "server_error":
      return { kind: "status", status: 500 };
  }
}
