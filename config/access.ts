import { z } from "zod";
import { readAccessEntry } from "../src/access/entry.ts";
import { fieldFacts } from "./field.ts";

/** Longest list of people: more than that is a platform of its own, and platform:* says it in one entry. */
const MAX_PEOPLE = 10_000;
/** Most chats with rules of their own. */
const MAX_CHATS = 1_000;
/** Longest entry, in UTF-16 units; the platforms' ids are under 100. */
const MAX_ENTRY_LENGTH = 600;

const howToWrite = 'Write it like "telegram:42".';
const mode = z.enum(["pairing", "allowlist", "open"]);
const people = z
  .array(
    z
      .string()
      .max(MAX_ENTRY_LENGTH)
      .refine((entry) => readAccessEntry(entry) !== null)
      .register(fieldFacts, {
        expected:
          "platform:id in quotes, platform:* for everyone there, platform:chat:id, discord:role:id or slack:role:id",
        advice: howToWrite,
      }),
  )
  .max(MAX_PEOPLE);
const admins = z
  .array(
    z
      .string()
      .max(MAX_ENTRY_LENGTH)
      .refine((entry) => readAccessEntry(entry)?.kind === "person")
      .register(fieldFacts, {
        expected: "platform:id of a person in quotes; everyone (*), a chat or a role cannot be an admin",
        advice: howToWrite,
      }),
  )
  .max(MAX_PEOPLE);

const modeMeaning =
  "Who may talk to the agent besides those under allow: pairing (whoever an admin approves by a code), allowlist (nobody), open (everyone).";
const allowMeaning =
  'Who may talk to the agent without pairing: "platform:userId", "platform:*" for everyone there, "platform:chat:chatId" for whoever writes in a chat, "discord:role:roleId", "slack:role:groupId" for a user group.';
const adminsMeaning = 'Who may approve others and run admin commands: "platform:userId".';

/** Who may talk to the agent. */
export const accessSection = z
  .object({
    mode: mode.default("pairing").describe(`${modeMeaning} Default pairing.`),
    allow: people.default([]).describe(`${allowMeaning} Default nobody.`),
    admins: admins.default([]).describe(`${adminsMeaning} Default nobody.`),
  })
  .register(fieldFacts, { strict: true });

const chatAccessSection = z
  .object({
    mode: mode.exactOptional().describe(`${modeMeaning} Default as outside this chat.`),
    allow: people.exactOptional().describe(`${allowMeaning} Default as outside this chat.`),
  })
  .register(fieldFacts, { strict: true });

const chats = z
  .record(z.string().min(1).max(MAX_ENTRY_LENGTH), chatAccessSection)
  .refine((sections) => Object.keys(sections).length <= MAX_CHATS)
  .register(fieldFacts, { expected: `a section for each chat's id, at most ${MAX_CHATS}` });

/** The same for one platform: each field given here takes the place of the one at the root. */
export const platformAccessSection = z
  .object({
    mode: mode.exactOptional().describe(`${modeMeaning} Default as at the root.`),
    allow: people.exactOptional().describe(`${allowMeaning} Default as at the root.`),
    admins: admins.exactOptional().describe(`${adminsMeaning} Default as at the root.`),
    chats: chats.exactOptional().describe("What differs in a chat and its threads, by the chat's id. Default nothing."),
  })
  .register(fieldFacts, { strict: true });

/** Access rules at the root, defaults filled. */
export type AccessConfig = Readonly<z.output<typeof accessSection>>;
/** What one platform, or one of its bots, says of them. */
export type PlatformAccessSection = z.output<typeof platformAccessSection>;
/** The rules of one bot, whole: what messages to it are judged by. */
export type BotAccessConfig = AccessConfig & { readonly chats: NonNullable<PlatformAccessSection["chats"]> };
