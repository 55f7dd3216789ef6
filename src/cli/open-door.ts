import { userInfo } from "node:os";
import type { Config } from "../../config/config.ts";
import { sleep, systemClock } from "../clock/clock.ts";
import type { Log } from "../observe/log.ts";
import type { ChatDoor, Speaker } from "./chat-door.ts";
import type { CliCall } from "./cli-command.ts";
import { embeddedDoor } from "./embedded-door.ts";
import { httpDoor } from "./http-door.ts";
import { clientOf, findDaemon } from "./running-daemon.ts";

/** How long a daemon may take from its lock to its HTTP server. */
const STARTING_MS = 5_000;
const LOOK_AGAIN_MS = 50;

/** Opens the way to the agent: through the daemon when one runs, else inside this process, which then has the data directory. */
export async function openDoor(call: CliCall, config: Config, log: Log): Promise<ChatDoor> {
  const speaker: Speaker = { chatId: call.text("chat") ?? "terminal", ...user(call.env) };
  const deadlineMs = systemClock.monotonicMs() + STARTING_MS;
  for (;;) {
    const isLate = systemClock.monotonicMs() > deadlineMs;
    const daemon = await findDaemon(config);
    if (daemon !== null && (daemon.url !== null || isLate)) {
      clientOf(daemon, config); // says what to do about one without HTTP server
      return httpDoor(config, speaker, { givesUp: !call.terminal.isInteractive });
    }
    if (daemon === null) {
      try {
        return await embeddedDoor(config, log, speaker);
      } catch (error) {
        // A daemon, or another terminal, was faster: its lock is there before its address.
        if (isLate || !(error instanceof Error && error.name === "InstanceLockedError")) throw error;
      }
    }
    await sleep(systemClock, LOOK_AGAIN_MS);
  }
}

function user(env: NodeJS.ProcessEnv): Pick<Speaker, "userId" | "userName"> {
  const name = userNameOf(env);
  return { userId: name, userName: name };
}

function userNameOf(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER || "user"; // a container's user id without an entry in /etc/passwd
  }
}
