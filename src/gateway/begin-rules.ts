import type { Activity, Command, CommandCall, KnownAgent } from "../command/command.ts";
import type { InboundMessage } from "../message/message.ts";
import type { SessionRules } from "../store/resolve-session.ts";
import type { Tx } from "../store/writer.ts";
import type { AdapterOf } from "./posts.ts";
import type { RunRules } from "./run-rules.ts";

/** What a turn needs of the gateway to begin. */
export interface BeginRules {
  readonly sessions: SessionRules;
  readonly commands: readonly Command[];
  readonly adapterOf: AdapterOf;
  /** Whether whoever sent a message may run admin commands. */
  readonly isAdmin: (message: InboundMessage) => boolean;
  /** What goes on in a conversation, for commands that say so or change it. */
  readonly activityOf: (tx: Tx, asking: { readonly key: string; readonly inboxId: number }) => Activity;
  readonly agents: readonly KnownAgent[];
  readonly queueMode: string;
  readonly choices: CommandCall["choices"];
  readonly keepFile: CommandCall["keepFile"];
  readonly timeZone: string;
  readonly version: string;
  readonly runs: RunRules;
  readonly desk: CommandCall["desk"];
  /** A row that was begun this often is given up: whatever it holds, it ends the process. */
  readonly maxAttempts: number;
}
