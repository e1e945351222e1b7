import { quantity } from "../../format/quantity";
import type { Refused } from "./read-job";

/** Of rows that are refused for the same reason, so many are reported one by one. */
const reportedMax = 3;
/** So many reasons are told apart; a file with more of them is of another kind altogether. */
const reasonsMax = 100;

/** Reports refused rows, and sums up those with a reason that was reported often enough. */
export class RefusedRows {
  readonly #seen = new Map<string, { rows: number; lastLine: number }>();

  constructor(readonly say: (sentence: string) => void) {}

  add({ line, field, reason }: Refused): void {
    const what = `${field ? `${field} ` : ""}${reason}`;
    // Numbers and ids differ from row to row where the reason is the same.
    const likeness = what.replace(/\S*\d\S*/g, "…");
    const kind = this.#seen.has(likeness) || this.#seen.size < reasonsMax ? likeness : "another problem";
    const rows = (this.#seen.get(kind)?.rows ?? 0) + 1;
    this.#seen.set(kind, { rows, lastLine: line });
    if (rows <= reportedMax) this.say(`line ${line}: ${what}`);
  }

  /** Says how many more there were of each reason. */
  end(): void {
    for (const [kind, { rows, lastLine }] of this.#seen) {
      if (rows > reportedMax)
        this.say(`${quantity(rows - reportedMax, "more row")}, to line ${lastLine}: ${kind}`);
    }
  }
}
