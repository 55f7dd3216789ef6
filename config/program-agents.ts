import { z } from "zod";
import { fieldFacts, httpAddress, secretText, text, wholeNumber } from "./field.ts";

/** Most arguments of a program; the operating system ends at about a hundred times that. */
const MAX_ARGUMENTS = 1000;
/** Most messages of history with a turn; a program that wants more of them keeps its own. */
const MAX_HISTORY_MESSAGES = 500;
/** An hour: an endpoint that thinks longer before its first byte is a job. */
const MAX_FIRST_BYTE_SECONDS = 3600;

const programFields = {
  command: text().describe("The program to start, by name or path; no shell is involved."),
  args: z.array(z.string()).max(MAX_ARGUMENTS).default([]).describe("Its arguments, one text each. Default none."),
  cwd: text().nullable().default(null).describe("The folder it runs in. Default the daemon's own."),
  env: z
    .record(z.string(), z.string().register(fieldFacts, { secret: true }))
    .default({})
    .describe("Its environment besides PATH, the only variable of the daemon's it sees; kept secret. Default none."),
};

const historyMessages = (what: string) =>
  wholeNumber(0, MAX_HISTORY_MESSAGES).default(20).describe(`${what} Default 20.`);

/** A program for each turn. */
export const commandAgent = z.object({
  kind: z.literal("command").describe("A program: the message on its input, the answer on its output."),
  ...programFields,
  command: text().describe("The program to start for each turn, by name or path; with shell, a line for /bin/sh."),
  shell: z
    .boolean()
    .default(false)
    .describe("Whether command is a line for /bin/sh, with args as $1, $2 and so on. Default false."),
  output: z
    .enum(["auto", "text", "jsonl"])
    .default("auto")
    .describe(
      "What it writes: text, jsonl (an event a line), or auto, where its first line tells. Files by path need jsonl. Default auto.",
    ),
  historyMessages: historyMessages("How many of the newest messages it is given."),
});

/** A program that stays. */
export const acpAgent = z.object({
  kind: z.literal("acp").describe("A program that speaks the Agent Client Protocol on its input and output."),
  ...programFields,
  historyMessages: historyMessages("How many of the newest messages a new session of the agent is told."),
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
  reload: z
    .boolean()
    .default(false)
    .describe("Whether the file is loaded again when it has changed; for development. Default false."),
});

/** An endpoint. */
export const httpAgent = z.object({
  kind: z
    .literal("http")
    .describe("An HTTP endpoint: the message is posted to it as JSON, the response is the answer."),
  url: httpAddress().describe("Where to post to. Redirects are not followed."),
  secret: secretText({ advice: 'Make one with "openssl rand -hex 32".' })
    .nullable()
    .default(null)
    .describe("Signs each request (X-Parley-Signature), so that the endpoint knows who asks. Default no signature."),
  headers: z
    .record(z.string(), z.string().register(fieldFacts, { secret: true }))
    .default({})
    .describe("HTTP headers sent with every request; their values are kept secret. Default none."),
  historyMessages: historyMessages("How many of the newest messages go with each turn."),
  firstByteTimeoutSeconds: wholeNumber(1, MAX_FIRST_BYTE_SECONDS)
    .default(120)
    .describe("How long it may take to begin its answer, in seconds. Default 120."),
});
