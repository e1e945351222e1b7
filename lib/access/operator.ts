import { HttpError } from "../http/http-error";
import { isSetupCode } from "../setup/code";

/**
 * The proof that somebody runs the server: they sit at its command line, or have read what it prints there.
 * They may do everything. Who may make one, e2e/architecture.spec.ts checks.
 */
export class Operator {
  readonly #isOperator = true;

  private constructor() {}

  static atCommandLine(): Operator {
    return new Operator();
  }

  /** For the first start, from a browser. @throws HttpError 422 for another code than the one printed. */
  static fromSetupCode(code: string): Operator {
    if (!isSetupCode(code)) {
      throw new HttpError(422, "wrong_setup_code", "Incorrect setup code");
    }
    return new Operator();
  }

  /** @throws TypeError for an object that merely looks like an Operator. */
  static prove(operator: Operator): void {
    void operator.#isOperator;
  }
}
