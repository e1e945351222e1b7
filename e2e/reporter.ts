import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

/** Ends the output with the line that CI reads: `N passed, N failed`. */
export default class ClosingLine implements Reporter {
  readonly #outcomes = new Map<string, string>();

  onTestEnd(test: TestCase, result: TestResult): void {
    const isFailed = !["passed", "skipped"].includes(result.status);
    this.#outcomes.set(test.id, isFailed ? "failed" : result.status);
  }

  async onExit(): Promise<void> {
    const outcomes = [...this.#outcomes.values()];
    const count = (outcome: string) => outcomes.filter((other) => other === outcome).length;
    const skipped = count("skipped") > 0 ? `, ${count("skipped")} skipped` : "";
    console.log(`\n${count("passed")} passed, ${count("failed")} failed${skipped}`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
