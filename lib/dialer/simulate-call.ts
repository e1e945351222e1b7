import { setTimeout as delay } from "node:timers/promises";

interface Report {
  status: "completed" | "no_answer" | "busy" | "timeout" | "invalid_number" | "blocked" | "carrier_error";
  errorCode?: string;
  failureReason?: string;
  callDuration?: number;
}

type Seconds = [min: number, max: number];

/** The report of a call that was not answered, with its response of SIP (RFC 3261, section 21). */
const failed = (status: Report["status"], errorCode: string, reason: string): Report => ({
  status,
  errorCode,
  failureReason: `SIP status: ${errorCode} ${reason}`,
});

/** How long the phone rings, how long people then talk, and how often this happens. */
const outcomes: { share: number; report: Report; rings: Seconds; talks?: Seconds }[] = [
  { share: 0.67, report: { status: "completed" }, rings: [3, 20], talks: [15, 120] },
  { share: 0.16, report: failed("no_answer", "480", "Temporarily Unavailable"), rings: [25, 40] },
  { share: 0.08, report: failed("busy", "486", "Busy Here"), rings: [1, 3] },
  { share: 0.03, report: failed("timeout", "408", "Request Timeout"), rings: [40, 60] },
  { share: 0.03, report: failed("invalid_number", "404", "Not Found"), rings: [1, 2] },
  { share: 0.02, report: failed("blocked", "603", "Decline"), rings: [1, 5] },
  { share: 0.01, report: failed("carrier_error", "503", "Service Unavailable"), rings: [1, 10] },
];

const between = ([min, max]: Seconds) => min + Math.random() * (max - min);

/** How a call might go, and after how many seconds it ends. */
export function randomCall(): { report: Report; seconds: number } {
  let rest = Math.random();
  for (const { share, report, rings, talks } of outcomes) {
    rest -= share;
    if (rest >= 0) continue;
    if (!talks) return { report, seconds: between(rings) };
    const callDuration = Math.round(between(talks));
    return { report: { ...report, callDuration }, seconds: between(rings) + callDuration };
  }
  return randomCall();
}

/**
 * Makes up calls, at the pace of real ones.
 *
 * @param speed how many times as fast.
 * @param signal ends calls early: who does not talk yet has not answered.
 */
export function simulateCall(speed: number, signal: AbortSignal) {
  return async (): Promise<string> => {
    const { report, seconds } = randomCall();
    const startMs = Date.now();
    await delay((seconds / speed) * 1_000, undefined, { signal }).catch(() => {});
    if (report.callDuration === undefined || !signal.aborted) return JSON.stringify(report);
    const missingSeconds = seconds - ((Date.now() - startMs) / 1_000) * speed;
    const callDuration = Math.round(report.callDuration - missingSeconds);
    return JSON.stringify(callDuration > 0 ? { ...report, callDuration } : { status: "no_answer" });
  };
}
