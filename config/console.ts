import { z } from "zod";
import { fieldFacts, secretText, text, wholeNumber } from "./field.ts";

/** TCP has 16 bits for it. */
const MAX_PORT = 65_535;

/** More names than one server has. */
const MAX_HOSTS = 100;

/** The HTTP server: web page, API, health and metrics. */
export const consoleSection = z
  .object({
    enabled: z.boolean().default(true).describe("Whether the HTTP server runs. Default true."),
    host: text()
      .default("127.0.0.1")
      .describe("Address to listen on; anything but loopback needs a token. Default 127.0.0.1."),
    port: wholeNumber(0, MAX_PORT).default(8787).describe("TCP port to listen on; 0 takes a free one. Default 8787."),
    allowedHosts: z
      .array(text())
      .max(MAX_HOSTS)
      .default([])
      .describe("Further names it is reached by, without a port, as a reverse proxy passes them on. Default none."),
    token: secretText({ advice: 'Make one with "openssl rand -hex 32" and give it as PARLEY_TOKEN.' })
      .nullable()
      .default(null)
      .describe("Secret that browsers and API clients must give. Default none, which is for loopback only."),
  })
  .register(fieldFacts, { strict: true });

/** The console's settings, defaults filled. */
export type ConsoleConfig = Readonly<z.output<typeof consoleSection>>;

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
