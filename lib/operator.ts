/**
 * The proof that somebody sits at the machine's command line with the database's address: they may do
 * everything. Only lib/cli may make one (e2e/architecture.spec.ts checks it).
 */
export class Operator {
  readonly #isOperator = true;

  private constructor() {}

  static atCommandLine(): Operator {
    return new Operator();
  }

  /** @throws TypeError for an object that merely looks like an Operator. */
  static prove(operator: Operator): void {
    void operator.#isOperator;
  }
}
