import { setTimeout as delay } from "node:timers/promises";
import type { Report } from "./dialer";

interface SimulatedOutcome {
  share: number;
  report: Report;
  /** How long the phone rings, and then people talk, in seconds. */
  rings: [min: number, max: number];
  talks?: [min: number, max: number];
}

const completed: SimulatedOutcome = {
  share: 0.68,
  report: { status: "completed" },
  rings: [3, 20],
  talks: [15, 120],
};
const outcomes: SimulatedOutcome[] = [
  completed,
  { share: 0.16, report: { status: "no_answer", errorCode: "480" }, rings: [25, 40] },
  { share: 0.08, report: { status: "busy", errorCode: "486" }, rings: [1, 3] },
  { share: 0.03, report: { status: "timeout", errorCode: "408" }, rings: [40, 60] },
  { share: 0.03, report: { status: "invalid_number", errorCode: "404" }, rings: [1, 2] },
  { share: 0.02, report: { status: "blocked", errorCode: "603" }, rings: [1, 5] },
];

const between = ([min, max]: [number, number]) => min + Math.random() * (max - min);

function chooseOutcome(): SimulatedOutcome {
  let rest = Math.random();
  for (const outcome of outcomes) {
    rest -= outcome.share;
    if (rest < 0) return outcome;
  }
  return completed;
}

/**
 * Makes up calls, at the pace of real ones.
 *
 * @param speed how many times as fast.
 */
export function simulateCall(speed: number) {
  return async (): Promise<Report> => {
    const outcome = chooseOutcome();
    const talkSeconds = outcome.talks ? between(outcome.talks) : 0;
    await delay(((between(outcome.rings) + talkSeconds) / speed) * 1_000);
    return outcome.talks ? { ...outcome.report, callDuration: Math.round(talkSeconds) } : outcome.report;
  };
}
