import { HttpError } from "../http/http-error";
import { isSetupCode } from "../setup/code";

/**
 * Proof that someone runs the server: they use its command line, or know the setup code it prints. An operator may do
 * everything. e2e/architecture.spec.ts checks who can create one.
 */
export class Operator {
  readonly #isOperator = true;

  private constructor() {}

  static atCommandLine(): Operator {
    return new Operator();
  }

  /** An operator who sets the server up in the browser. @throws HttpError 422 for a wrong code. */
  static fromSetupCode(code: string): Operator {
    if (!isSetupCode(code)) {
      throw new HttpError(422, "wrong_setup_code", "Incorrect setup code");
    }
    return new Operator();
  }

  /** @throws TypeError for an object that only looks like an Operator. */
  static prove(operator: Operator): void {
    void operator.#isOperator;
  }
}
