import type { TranscriptMessage } from "../store/transcript-line.ts";
import { shownLine } from "./session-line.ts";

/** Longest name of a person, in characters. */
const MAX_NAME = 40;

/** Who says a line, for people. */
export function speakerName({ role, senderName }: Pick<TranscriptMessage, "role" | "senderName">): string {
  switch (role) {
    case "user":
      return shownLine(senderName ?? "", MAX_NAME) || "Person";
    case "assistant":
      return "Agent";
    case "system":
      return "System";
    case "tool":
      return "Tool";
  }
}
