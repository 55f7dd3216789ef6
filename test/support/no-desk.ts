import type { JobDesk } from "../../src/schedule/job-desk.ts";
import { jobRules } from "./job-world.ts";

/** Where jobs could be made, of a test that makes none. */
export const noDesk: JobDesk = {
  world: jobRules.world,
  claims: {
    keys: { groupSessionsPerUser: true, threadSessionsPerUser: false },
    routeOf: () => "main",
    refusal: () => null,
  },
  hasAgent: jobRules.hasAgent,
  timeZone: "UTC",
  refusedPlaces: async () => fail(),
  checkLater: fail,
  takeWaiting: fail,
  changed: fail,
};

function fail(): never {
  throw new Error("expected no job");
}
