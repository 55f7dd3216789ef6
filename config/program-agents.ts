import { z } from "zod";
import { fieldFacts, text } from "./field.ts";

/** Most arguments of a program; the operating system ends at about a hundred times that. */
const MAX_ARGUMENTS = 1000;

const programFields = {
  command: text().describe("The program to start, by name or path; no shell is involved."),
  args: z.array(z.string()).max(MAX_ARGUMENTS).default([]).describe("Its arguments, one text each. Default none."),
  cwd: text().nullable().default(null).describe("The folder it runs in. Default the daemon's own."),
  env: z
    .record(z.string(), z.string().register(fieldFacts, { secret: true }))
    .default({})
    .describe("Variables added to its environment; their values are kept secret. Default none."),
};

/** A program for each turn. */
export const commandAgent = z.object({
  kind: z.literal("command").describe("A program: the message on its input, the answer on its output."),
  ...programFields,
});

/** A program that stays. */
export const acpAgent = z.object({
  kind: z.literal("acp").describe("A program that speaks the Agent Client Protocol on its input and output."),
  ...programFields,
});

/** A file of code. */
export const moduleAgent = z.object({
  kind: z.literal("module").describe("A TypeScript or JavaScript file that exports an agent."),
  path: text().describe("The file, relative to the configuration file's folder."),
  options: z
    .record(z.string(), z.unknown())
    .register(fieldFacts, { secret: true })
    .default({})
    .describe("Handed to the module as it is; kept secret, since only the module knows what is. Default empty."),
});
