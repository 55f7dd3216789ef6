import { z } from "zod";

/** What a running daemon says of itself under `/api/status`, as far as the command line shows it. */
export const gatewayStatus = z.object({
  version: z.string(),
  startedAtMs: z.number(),
  notReady: z.array(z.string()),
  runningTurns: z.number(),
  waitingMessages: z.number(),
  adapters: z.array(
    z.object({
      platform: z.string(),
      account: z.string(),
      connected: z.boolean(),
      lastEventAtMs: z.number().nullable(),
      detail: z.string(),
    }),
  ),
});
/** The same, read. */
export type GatewayStatus = z.output<typeof gatewayStatus>;

/** What one of its bots is called: `telegram`, or `telegram@work` where it is not the only one. */
export function botName({ platform, account }: { readonly platform: string; readonly account: string }): string {
  return account === "default" ? platform : `${platform}@${account}`;
}
