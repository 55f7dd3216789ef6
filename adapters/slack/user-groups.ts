import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Clock } from "../../src/clock/clock.ts";
import type { AdapterEvents } from "../../src/platform/adapter.ts";
import { deliveryErrorOf } from "./errors.ts";
import { waitAtMost } from "./patience.ts";

/** A message never waits longer than this to learn who its sender is. */
const PATIENCE_MS = 1_000;
/** Who was taken out of a group is let in this long at most, while Slack answers. */
const FRESH_MS = 5 * 60_000;
/** And this long while it does not: then nobody is known to belong to the group. */
const STALE_MS = 60 * 60_000;
/** A group that could not be read is left alone this long, so that a missing scope costs no call for each message. */
const RETRY_MS = 60_000;

/** Who belongs to the user groups that the configuration lets in. */
export interface UserGroups {
  /** Asks where it is time to; resolves after a second at the latest, and never rejects. Null when nothing has to be waited for. */
  load(): Promise<void> | null;
  /** Those of the groups that somebody belongs to, as far as is known. */
  of(userId: string): readonly string[];
}

interface Group {
  members: ReadonlySet<string>;
  /** By the monotonic clock; null before the first time. */
  readAtMs: number | null;
  askAtMs: number;
  asking: Promise<void> | null;
}

const answer = z.object({ users: z.array(z.string()) });

/** Opens it for groups by their ids (docs.slack.dev/reference/methods/usergroups.users.list); without any nothing is ever asked. */
export function openUserGroups(
  web: WebClient,
  ids: readonly string[],
  parts: { readonly clock: Clock; readonly events: AdapterEvents; readonly signal: AbortSignal },
): UserGroups {
  const { clock, events, signal } = parts;
  const groups = new Map<string, Group>(
    ids.map((id) => [id, { members: new Set(), readAtMs: null, askAtMs: 0, asking: null }]),
  );
  let isTold = false;

  const read = async (id: string, group: Group): Promise<void> => {
    try {
      group.members = new Set(answer.parse(await web.apiCall("usergroups.users.list", { usergroup: id })).users);
      group.readAtMs = clock.monotonicMs();
      group.askAtMs = group.readAtMs + FRESH_MS;
    } catch (error) {
      group.askAtMs = clock.monotonicMs() + RETRY_MS;
      if (isTold || signal.aborted) return;
      isTold = true;
      const detail = `who belongs to the user group ${id} could not be read: ${deliveryErrorOf(error).message}`;
      events.warning(`${detail}. Its members are strangers meanwhile; the app needs the scope usergroups:read.`, error);
    } finally {
      group.asking = null;
    }
  };

  return {
    load() {
      if (groups.size === 0) return null;
      const nowMs = clock.monotonicMs();
      const unread: Promise<void>[] = [];
      for (const [id, group] of groups) {
        if (group.asking === null && nowMs >= group.askAtMs && !signal.aborted) group.asking = read(id, group);
        if (group.asking !== null && group.readAtMs === null) unread.push(group.asking);
      }
      return unread.length === 0 ? null : waitAtMost(Promise.all(unread), PATIENCE_MS, clock).then(() => {});
    },
    of(userId) {
      const sinceMs = clock.monotonicMs() - STALE_MS;
      const isKnown = ({ members, readAtMs }: Group) => readAtMs !== null && readAtMs >= sinceMs && members.has(userId);
      return [...groups].filter(([, group]) => isKnown(group)).map(([id]) => id);
    },
  };
}
