/** Places that are gone tomorrow. */
const paths =
  /(?:^|[\s"'`(=:])(?:\/(?:private\/)?tmp\/|\/var\/folders\/|[^\s"'`]*\.tmp\/)|\/mnt\/user-data\/(?:workspace|uploads|outputs)\b|\\temp\\|\b(?:workspace|artifact)_root\b/i;
/** What a program printed, and what it is called while it runs: at the beginning of a line, or with a value. */
const output =
  /^(?:stdout|stderr|exit (?:code|status)|stack trace|debug log|tool (?:call|output)|raw tool payload|audit trail|trace id|run id|session id|conversation id|request id)\b(?:\s*[:=#]|\s+(?:follows|ok|failed|is|was|\S*\d\S*)|\s*$)/i;
const value =
  /\b(?:exit(?:ed with)? (?:code|status) -?\d+|(?:trace|run|session|conversation|request|correlation|job|task)[ _-]?id\s*(?:[:=#]|is|was)?\s*(?=[\w-]*\d)[\w-]+)/i;
/** What waits for somebody, or was handed over. */
const passing =
  /\b(?:approval (?:requested|resolved|is pending)|pending approval|uploaded (?:files?|attachments?)|attachment path|screenshot attached|temp(?:orary)? files?|ephemeral uploads?)\b/i;
/** A standing wish may speak of such things: "confirm every tool call", "never upload temporary files". */
const standing = /\b(?:always|never|prefers?|wants|likes|expects|hates|policy|convention)\b/i;

/** Whether a line is about the moment: paths of temporary files, ids of runs, output of tools. Not worth remembering. */
export function isTransient(line: string): boolean {
  if (paths.test(line) || output.test(line) || value.test(line)) return true;
  return passing.test(line) && !standing.test(line);
}
