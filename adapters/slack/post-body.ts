import type { Button } from "../../src/message/message.ts";
import { slackMarkdown, slackMrkdwn, slackPlain } from "./format.ts";

/** Most characters of a post's `text` (docs.slack.dev/reference/methods/chat.postMessage#truncating). */
const MAX_TEXT = 40_000;
/** Most characters of a section's text (docs.slack.dev/reference/block-kit/blocks/section-block). */
const MAX_SECTION = 3_000;
/** Most characters of a button's label (docs.slack.dev/reference/block-kit/block-elements/button-element). */
const MAX_LABEL = 75;
/** Most elements of an actions block (docs.slack.dev/reference/block-kit/blocks/actions-block). */
const MAX_BUTTONS = 25;

/** What a post says, as `chat.postMessage` and `chat.update` take it. Blocks are always named: left out, an update keeps the old ones. */
export interface PostBody {
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
  readonly mrkdwn: boolean;
}

/** The blocks we make (docs.slack.dev/reference/block-kit/blocks). */
export type SlackBlock =
  | { readonly type: "markdown"; readonly text: string }
  | { readonly type: "section"; readonly text: { readonly type: "mrkdwn"; readonly text: string } }
  | { readonly type: "actions"; readonly elements: readonly ButtonElement[] };

interface ButtonElement {
  readonly type: "button";
  readonly text: { readonly type: "plain_text"; readonly text: string };
  readonly action_id: string;
  readonly value: string;
  readonly style?: "primary" | "danger";
}

/** One post in the forms in which it may be taken, the best first: each is tried when Slack refuses the one before. */
export function postBodies(markdown: string, buttons: readonly Button[]): readonly (() => PostBody)[] {
  const actions = actionsOf(buttons);
  return [
    () => ({
      blocks: [{ type: "markdown", text: slackMarkdown(markdown) }, ...actions],
      // Only for notifications and screen readers: the blocks are what is shown.
      text: slackMrkdwn(markdown).slice(0, MAX_TEXT).toWellFormed(),
      mrkdwn: true,
    }),
    () => {
      const text = slackMrkdwn(markdown);
      const fits = actions.length > 0 && text.length <= MAX_SECTION;
      return {
        blocks: fits ? [{ type: "section", text: { type: "mrkdwn", text } }, ...actions] : [],
        text,
        mrkdwn: true,
      };
    },
    () => ({ blocks: [], text: slackPlain(markdown), mrkdwn: false }),
  ];
}

function actionsOf(buttons: readonly Button[]): readonly SlackBlock[] {
  if (buttons.length === 0) return [];
  const elements = buttons.slice(0, MAX_BUTTONS).map(
    ({ label, command, style }, index): ButtonElement => ({
      type: "button",
      text: { type: "plain_text", text: label.slice(0, MAX_LABEL).toWellFormed() },
      action_id: `parley-${index}`,
      value: command,
      ...(style === undefined ? {} : { style }),
    }),
  );
  return [{ type: "actions", elements }];
}
