import type { PairingOutcome } from "../access/pairing-outcome.ts";
import type { Attachment, AttachmentReference, Button, InboundMessage } from "../message/message.ts";
import type { JobDesk } from "../schedule/job-desk.ts";
import type { SessionRules } from "../store/resolve-session.ts";
import type { Tx } from "../store/writer.ts";

/** What a command is called with. It runs inside the transaction that ends its inbox row: all of it happens, or nothing. */
export interface CommandCall {
  readonly tx: Tx;
  readonly rules: SessionRules;
  readonly key: string;
  readonly agentId: string;
  readonly message: InboundMessage;
  /** Whether whoever gave it may run admin commands. */
  readonly isAdmin: boolean;
  /** What goes on in this conversation right now. */
  readonly activity: Activity;
  /** Every agent there is, for `/agent`. */
  readonly agents: readonly KnownAgent[];
  /** The queue mode where nobody chose one. */
  readonly queueMode: string;
  /** Who may choose who answers, and with which model. */
  readonly choices: Choices;
  /** Keeps a file that goes out with the reply, at once. */
  readonly keepFile: (name: string, mimeType: string, text: string) => Attachment;
  /** What followed the command's name, trimmed; empty when nothing did. */
  readonly argument: string;
  readonly receivedAtMs: number;
  /** Every command there is, for `/help`. */
  readonly commands: readonly Command[];
  /** Where jobs are made and changed. */
  readonly desk: JobDesk;
  /** The time zone times are shown in. */
  readonly timeZone: string;
  /** The version, for `/status`. */
  readonly version: string;
}

/** Who may choose the agent and the model of a conversation: `sessions.choices`. */
export type Choices = "everyone" | "admins" | "off";

/** Something that happened to a session in a transaction, to be told once it is on disk. */
export type SessionChange =
  | { readonly kind: "started"; readonly sessionId: string }
  | { readonly kind: "ended"; readonly sessionId: string; readonly reason: string }
  | { readonly kind: "renamed"; readonly sessionId: string };

/** What came of a command. */
export interface CommandResult {
  /** Markdown for the person who gave it. */
  readonly reply: string;
  /** A text that goes to the agent as the person's message, in the session that is live now; null when there is none. */
  readonly turnText: string | null;
  readonly changes: readonly SessionChange[];
  /** A person's line of the live session, its last one, that the agent is asked again as it stands. Absent: none. */
  readonly repeats?: RepeatedLine;
  /** Shown under the reply where the platform has buttons. Absent: none. */
  readonly buttons?: readonly Button[];
  /** Files that go out with it. Absent: none. */
  readonly files?: readonly Attachment[];
  /** What it does to what goes on, once it is on disk. Absent: nothing. */
  readonly effect?: ControlEffect;
  /** True when the reply is for whoever gave it alone: the table says so, no command itself. Absent: for everybody there. */
  readonly isPrivate?: boolean;
  /** Said in other places at the same time. Absent: nothing. */
  readonly notify?: readonly Notification[];
}

/** A line that is asked again. */
export interface RepeatedLine {
  readonly userSeq: number;
  /** What had come with it, and can still be fetched. */
  readonly attachments: readonly AttachmentReference[];
}

/** What goes on in a conversation. */
export interface Activity {
  /** How long its turn has been running, in milliseconds; null when none runs. */
  readonly runningMs: number | null;
  /** Messages that wait behind it. */
  readonly waiting: number;
  /** What the running turn asks its people to allow, the oldest first. */
  readonly approvals: readonly PendingApproval[];
}

/** Something an agent waits for a person to allow. */
export interface PendingApproval {
  readonly id: string;
  readonly title: string;
  /** Who may decide besides admins: the people whose messages the turn answers. */
  readonly askedOf: readonly string[];
}

/** An agent as people choose it. */
export interface KnownAgent {
  readonly name: string;
  /** What it is: its kind, and its model where it has one. */
  readonly about: string;
}

/** What a command does to the conversation's running turn, and to what waits. */
export type ControlEffect =
  /** Ends the running turn; what waits is held until somebody writes, or lets it go. */
  | { readonly kind: "stop" }
  /** Lets go what was held. */
  | { readonly kind: "release" }
  | { readonly kind: "decide"; readonly approvalId: string; readonly isAllowed: boolean }
  /** Somebody was let in, or not. */
  | { readonly kind: "paired"; readonly outcome: PairingOutcome }
  /** The transcript was rewritten, or deleted: its file follows. */
  | { readonly kind: "rewritten"; readonly sessionId: string }
  /** A conversation is to be summed up, beside everything; how that went is said in this place. */
  | {
      readonly kind: "compact";
      readonly sessionId: string;
      readonly instructions: string | null;
      readonly place: Notification["place"];
      /** The message that asked for it. */
      readonly replyTo: string;
    };

/** Something to say in a place that is not the command's own. */
export interface Notification {
  readonly place: {
    readonly platform: string;
    readonly account: string;
    readonly chatId: string;
    readonly threadId: string | null;
  };
  /** Markdown. */
  readonly text: string;
}

/** What a command is about: the conversation, what the agent does in it, or who and where. */
export type CommandGroup = "session" | "work" | "place";

/** Who may give a command, besides being allowed to speak at all. */
export type CommandAccess =
  /** Admins. */
  | "admin"
  /** Whom `sessions.choices` names; everybody may look. */
  | "chooser"
  /** Where several people share a conversation: admins. */
  | "shared_admin"
  /** Where several people share a conversation: those whose lines it is about, and admins. */
  | "shared_author"
  /** Where several people share a conversation: whoever wrote its last message. */
  | "shared_asker";

/** Something a person can tell the bot by `/name`. */
export interface Command {
  /** Lower-case letters. */
  readonly name: string;
  /** What follows the name, as shown by `/help`; empty when nothing does. */
  readonly usage: string;
  /** One line: what it does. */
  readonly summary: string;
  /** What it is about: where `/help` lists it. */
  readonly group: CommandGroup;
  /** Who may give it. Absent: everybody who may speak. */
  readonly access?: CommandAccess;
  /** `private` when its answer is for whoever gave it alone, where the platform can show such a thing. Absent: others need to see what changed. */
  readonly answer?: "private";
  /** True when it never waits behind a running turn. */
  readonly isControl?: true;
  run(call: CommandCall): CommandResult;
}

/** A reply that changed nothing. */
export function says(reply: string): CommandResult {
  return { reply, turnText: null, changes: [] };
}
