import { z } from "zod";
import { fieldFacts, patternText } from "./field.ts";

/** Longest list of people; every message is checked against it. */
const MAX_PEOPLE = 10_000;

const mode = z.enum(["pairing", "allowlist", "open"]);
const people = z
  .array(
    patternText(
      /^[a-z][a-z0-9_]*:\S+$/,
      "platform:id in quotes, or platform:* for everyone there",
      'Write it like "telegram:42".',
    ),
  )
  .max(MAX_PEOPLE);
const admins = z
  .array(
    patternText(
      /^[a-z][a-z0-9_]*:(?!\*$)\S+$/,
      "platform:id in quotes; everyone (*) cannot be an admin",
      'Write it like "telegram:42".',
    ),
  )
  .max(MAX_PEOPLE);

const modeMeaning =
  "How strangers are met: pairing (a code an admin approves), allowlist (no answer), open (everyone).";
const allowMeaning = 'Who may talk to the agent without pairing: "platform:userId" or "platform:*".';
const adminsMeaning = 'Who may approve others and run admin commands: "platform:userId".';

/** Who may talk to the agent. */
export const accessSection = z
  .object({
    mode: mode.default("pairing").describe(`${modeMeaning} Default pairing.`),
    allow: people.default([]).describe(`${allowMeaning} Default nobody.`),
    admins: admins.default([]).describe(`${adminsMeaning} Default nobody.`),
  })
  .register(fieldFacts, { strict: true });

/** The same for one platform: each field given here takes the place of the one at the root. */
export const platformAccessSection = z
  .object({
    mode: mode.exactOptional().describe(`${modeMeaning} Default as at the root.`),
    allow: people.exactOptional().describe(`${allowMeaning} Default as at the root.`),
    admins: admins.exactOptional().describe(`${adminsMeaning} Default as at the root.`),
  })
  .register(fieldFacts, { strict: true });

/** Access rules, defaults filled. */
export type AccessConfig = Readonly<z.output<typeof accessSection>>;
