import { nearest } from "../message/nearest.ts";
import { askerOf } from "../schedule/job-asker.ts";
import { isTimeZone } from "../session/wall-clock.ts";
import { putTimeZone, selectTimeZone } from "../store/people.ts";
import { type Command, says } from "./command.ts";
import { quoted } from "./session-line.ts";
import { timeText } from "./time-text.ts";

/** Longest name that is looked up, in UTF-16 units: the longest there is has half of it. */
const MAX_NAME = 64;

/** `/timezone [zone | default]`: the time zone of a person, in which their schedules are read. */
export const timezoneCommand: Command = {
  name: "timezone",
  usage: "[zone | default]",
  isControl: true,
  summary: "Show or choose your time zone, such as Europe/Berlin: schedules are read in it.",
  group: "place",
  answer: "private",
  run({ tx, message, isAdmin, argument, desk, receivedAtMs }) {
    const asker = askerOf(message, isAdmin);
    if (asker === null) return says("I don't know who you are here, so I can't remember a time zone for you.");
    const { platform, userId } = asker.maker;
    if (argument === "") {
      const own = selectTimeZone(tx, platform, userId);
      const zone = own ?? desk.timeZone;
      const whose = own === null ? "the one of this bot: you have chosen none" : "chosen by you";
      return says(`Your time zone is ${zone} (${whose}); there it is ${timeText(receivedAtMs, zone)}.`);
    }
    if (argument.toLowerCase() === "default") {
      putTimeZone(tx, { platform, userId, timeZone: null });
      return says(
        `Your time zone is that of this bot again, ${desk.timeZone}. Jobs that are made already keep theirs.`,
      );
    }
    const found = findZone(argument);
    if (found.kind === "unknown") {
      const hint = found.likely === null ? "" : ` Did you mean ${found.likely}?`;
      return says(`There is no time zone ${quoted(argument)}.${hint} Expected an IANA name, such as Europe/Berlin.`);
    }
    putTimeZone(tx, { platform, userId, timeZone: found.zone });
    const now = timeText(receivedAtMs, found.zone);
    return says(`Your time zone is ${found.zone} now; there it is ${now}. Jobs that are made already keep theirs.`);
  },
};

type FoundZone =
  | { readonly kind: "found"; readonly zone: string }
  | { readonly kind: "unknown"; readonly likely: string | null };

/** Finds a zone by its name in any case, or by its city. */
function findZone(text: string): FoundZone {
  if (text.length > MAX_NAME) return { kind: "unknown", likely: null };
  const wanted = text.replaceAll(" ", "_").toLowerCase();
  const zones = Intl.supportedValuesOf("timeZone");
  const exact = zones.find((zone) => zone.toLowerCase() === wanted);
  if (exact !== undefined) return { kind: "found", zone: exact };
  const ofCity = zones.filter((zone) => zone.toLowerCase().endsWith(`/${wanted}`));
  if (ofCity.length === 1 && ofCity[0] !== undefined) return { kind: "found", zone: ofCity[0] };
  if (/^[\w+/-]+$/.test(text) && isTimeZone(text)) return { kind: "found", zone: text };
  return { kind: "unknown", likely: nearest(text.replaceAll(" ", "_"), zones) };
}
