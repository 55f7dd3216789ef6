import type { Clock } from "../../src/clock/clock.ts";
import type { PrivateAddresses } from "../../src/media/public-address.ts";
import type { Adapter, AdapterEvents } from "../../src/platform/adapter.ts";
import { DeliveryError } from "../../src/platform/delivery-error.ts";
import { canPost } from "./can-post.ts";
import { openFile } from "./fetch-file.ts";
import { findText } from "./find-post.ts";
import { splitForSlack } from "./format.ts";
import { openLink } from "./link.ts";
import { SLACK_NOTES } from "./notes.ts";
import { editText, postText } from "./send.ts";
import { tokenRefusal } from "./token-refusal.ts";
import { openTyping } from "./typing.ts";
import { postFile } from "./upload.ts";
import { openWebClient } from "./web-client.ts";
import { answerCall } from "./webhook.ts";

/** One Slack app in one workspace. */
export interface SlackOptions {
  readonly account: string;
  readonly botToken: string;
  /** What Socket Mode needs. */
  readonly appToken: string | null;
  /** What http mode needs. */
  readonly signingSecret: string | null;
  /** Where the Web API is, as `https://slack.com/api/`. */
  readonly apiUrl: string;
  readonly mode: "socket" | "http";
  /** A mention in a channel belongs to the thread its answer opens; false: to the channel. */
  readonly replyInThread: boolean;
  /**
   * Whether a thread under a direct message begins with what was said before it. The adapter's part is that such a message is a
   * `dm` with a `threadId`; the beginning is read from the transcript by the core.
   */
  readonly seedDmThreads: boolean;
  /** Ids of the user groups whose members have to be known: they are the `roleIds` of messages. Absent: none. */
  readonly userGroups?: readonly string[];
  /** This installation's own salt: by it a post of ours is told from one that another daemon made of its row of the same number. */
  readonly postSeed: string;
  /** Whether files may lie in private networks besides the server at `apiUrl`. Absent: no. */
  readonly privateAddresses?: PrivateAddresses;
  readonly clock: Clock;
  readonly events: AdapterEvents;
}

/** What Slack can do of what the core may ask for; `webhook` in http mode alone. */
export type SlackAdapter = Adapter &
  Required<Pick<Adapter, "edit" | "findPost" | "split" | "typing" | "typingDone" | "fetchFile">>;

/** The adapter of one Slack app; throws when the mode lacks its secret. */
export function slackAdapter(options: SlackOptions): SlackAdapter {
  const { account, botToken, apiUrl, mode, signingSecret, postSeed, clock } = options;
  if (mode === "socket" && options.appToken === null) {
    throw new Error('platforms.slack.appToken: expected a token ("xapp-…"), which Socket Mode needs, got none.');
  }
  if (mode === "http" && signingSecret === null) {
    throw new Error("platforms.slack.signingSecret: expected the secret that proves Slack's calls, got none.");
  }
  const { web, calls } = openWebClient(botToken, apiUrl, clock);
  const typing = openTyping(web, clock);
  const { userGroups = [] } = options;
  const link = openLink({ ...options, userGroups, web, appToken: mode === "socket" ? options.appToken : null });
  let lastCallAtMs: number | null = null;
  /** What Slack said when it last refused the bot token; null while it takes it. */
  let tokenTrouble: string | null = null;

  async function watched<Result>(call: Promise<Result>): Promise<Result> {
    try {
      const result = await call;
      tokenTrouble = null;
      return result;
    } catch (error) {
      if (error instanceof DeliveryError && error.kind === "unauthorized") {
        tokenTrouble = tokenRefusal(error.cause, "botToken", account) ?? error.message;
      }
      throw error;
    }
  }

  return {
    platform: "slack",
    account,
    notes: SLACK_NOTES,
    split: splitForSlack,
    start: (intake) => link.start(intake),
    stop: () => link.stop(),
    async close() {
      calls.close();
    },

    async send(message) {
      const { file } = message;
      const posting = file === null ? postText(web, message, postSeed) : postFile(web, message, file, clock);
      const postId = await watched(posting);
      typing.posted(message);
      return postId;
    },
    edit: (edit) => watched(editText(web, edit)),
    async findPost(message) {
      // A file carries nothing of ours to know it by, and what one person sees is in no history.
      const isToBeFound = message.file === null && message.privateTo === null;
      return isToBeFound ? findText(web, message, postSeed) : { kind: "unknown" };
    },

    typing: (message) => typing.show(message),
    typingDone: (message) => typing.done(message),

    canPost: (place) => canPost(web, place),
    fetchFile: (reference, signal) =>
      openFile(web, reference, { botToken, apiUrl, signal, privateAddresses: options.privateAddresses ?? "deny" }),

    ...(mode === "http" && signingSecret !== null
      ? {
          webhook: (request: Request) =>
            answerCall(request, {
              signingSecret,
              clock,
              deliver: link.deliver(),
              heard: () => {
                lastCallAtMs = clock.nowMs();
              },
            }),
        }
      : {}),

    health() {
      const { connected, lastHeardAtMs, detail } = link.state();
      return {
        connected: connected && tokenTrouble === null,
        lastEventAtMs: lastHeardAtMs ?? lastCallAtMs,
        detail: tokenTrouble ?? detail,
      };
    },
  };
}
