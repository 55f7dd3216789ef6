import type { TelegramBot } from "../../../adapters/telegram/bot.ts";
import { entitiesOf } from "../../fake/telegram/said.ts";

/** The bot of the example payloads. */
export const bot: TelegramBot = { account: "default", id: 123456789, username: "harness_bot" };

/** The bot as messages name it. */
export const botUser = { id: bot.id, is_bot: true, first_name: "Harness Bot", username: bot.username };
export const ada = { id: 1001, is_bot: false, first_name: "Ada", last_name: "Lovelace", username: "ada" };
export const group = { id: -4001, title: "Small group", type: "group" };
export const team = { id: -1001111111111, title: "Team", type: "supergroup" };
export const forum = { id: -1002222222222, title: "Forum", type: "supergroup", is_forum: true };
export const dm = { id: 1001, first_name: "Ada", username: "ada", type: "private" };

/** A message of Ada's with the entities that Telegram would find in its text or caption. */
export function message(chat: object, fields: Readonly<Record<string, unknown>>) {
  const marked = (of: string, text: unknown) => (typeof text === "string" ? { [of]: entitiesOf(text) } : {});
  return {
    update_id: 1,
    message: {
      message_id: 5,
      date: 1,
      from: ada,
      chat,
      ...marked("entities", fields.text),
      ...marked("caption_entities", fields.caption),
      ...fields,
    },
  };
}

/** What a message replies to. */
export function replied(from: object, fields: Readonly<Record<string, unknown>> = { text: "earlier" }) {
  return { message_id: 50, date: 1, from, chat: team, ...fields };
}
