import { quantity } from "../../format/quantity";
import type { Refused } from "./read-job";

/** Rows reported one by one for the same reason. */
const reportedMax = 3;
/** Further reasons are counted together. */
const reasonsMax = 100;

/** Reports refused rows, and in the end how many more there were for the same reasons. */
export class RefusedRows {
  readonly #reasons = new Map<string, { rows: number; lastLine: number }>();

  constructor(readonly report: (sentence: string) => void) {}

  add({ line, field, reason }: Refused): void {
    const what = `${field ? `${field} ` : ""}${reason}`;
    // Without numbers and ids, which differ from row to row for the same reason.
    const general = what.replace(/\S*\d\S*/g, "…");
    const kind = this.#reasons.has(general) || this.#reasons.size < reasonsMax ? general : "another problem";
    const rows = (this.#reasons.get(kind)?.rows ?? 0) + 1;
    this.#reasons.set(kind, { rows, lastLine: line });
    if (rows <= reportedMax) this.report(`line ${line}: ${what}`);
  }

  end(): void {
    for (const [kind, { rows, lastLine }] of this.#reasons) {
      if (rows > reportedMax)
        this.report(`${quantity(rows - reportedMax, "more row")}, to line ${lastLine}: ${kind}`);
    }
  }
}
