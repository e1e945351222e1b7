import pg from "pg";
import { isConnectionLost, isReadOnly, isTimeout } from "./failure";
import { preparedMark, preparedName } from "./prepared";
import { spendTime } from "./time-budget";

/** `query_timeout`, in ms, is missing in pg's types. */
type TimedQuery = pg.QueryConfig & { query_timeout: number };

interface SessionOptions {
  settings: Record<string, string>;
  /** How long to wait for a statement's result; may be Infinity. */
  queryTimeoutMs: number;
}

const setUpTimeoutMs = 2_000;

const emptyResult: pg.QueryResult = { command: "", rowCount: 0, oid: 0, rows: [], fields: [] };

/** The longest delay of Node's timers. */
const timeoutMaxMs = 2 ** 31 - 1;

/**
 * A connection whose statements run with the settings that they need.
 *
 * Connected to PostgreSQL itself, it sets them once, and prepares marked statements.
 *
 * Behind a connection pooler such as PgBouncer each transaction may run in another session, shared with other programs:
 * session settings would leak or be lost, and prepared statements may be missing. So each transaction begins with its
 * own settings (`set local`), and a single statement becomes a transaction that is pipelined in one round trip.
 */
export class Connection extends pg.Client {
  readonly madeAt = Date.now();
  /**
   * Why this connection must not be reused: the result of a timed-out statement may still arrive and be taken for that
   * of the next one, or the connection was lost or is read-only because the server changed.
   */
  fault: "timed out" | "server changed" | undefined;
  #session: SessionOptions = { settings: {}, queryTimeoutMs: setUpTimeoutMs };
  #isPooled = false;

  /**
   * Applies the settings, unless there is a pooler. Call it once, before other statements.
   *
   * A pooler issues its own cancellation keys, so the server process that responds is not the one that the key names.
   */
  async setUp(session: SessionOptions): Promise<void> {
    const text = `
      select set_config(name, value, false) from unnest($1::text[], $2::text[]) as wanted (name, value)
      where pg_backend_pid() = $3
    `;
    const { settings } = session;
    const processId: unknown = Reflect.get(this, "processID");
    const values = [Object.keys(settings), Object.values(settings), processId];
    const { rowCount } = await this.#send({ text, values, query_timeout: setUpTimeoutMs });
    this.#session = session;
    if (rowCount === 0) {
      this.#isPooled = true;
      Object.assign(this, { pipeline: true });
    }
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void) {
    if (!callback) return super.connect();
    super.connect((error: Error | null) => {
      // After a timeout pg leaves the socket open, and the server would wait for a minute.
      if (error) this.connection.stream.destroy();
      Reflect.apply(callback, undefined, error ? [error] : [null, this]);
    });
  }

  override query(...given: unknown[]) {
    const [text, values] = given;
    if (typeof text !== "string" || given.length > 2) return Reflect.apply(super.query, this, given);
    return this.#run(text, values as unknown[]);
  }

  async #run(text: string, values: unknown[]): Promise<pg.QueryResult> {
    // Closing the connection rolls back, too, and keeps the original error.
    if (this.fault && text === "rollback") return emptyResult;
    try {
      return await spendTime((leftMs) => {
        const limitMs = Math.ceil(Math.min(leftMs, this.#session.queryTimeoutMs, timeoutMaxMs));
        const query = { text, values, query_timeout: limitMs };
        if (this.#isPooled) return this.#sendPooled(query);
        return this.#send(text.startsWith(preparedMark) ? { ...query, name: preparedName(text) } : query);
      });
    } catch (error) {
      if (isTimeout(error)) this.fault ??= "timed out";
      else if (isReadOnly(error) || isConnectionLost(error)) this.fault ??= "server changed";
      throw error;
    }
  }

  #send(query: TimedQuery): Promise<pg.QueryResult> {
    return super.query(query);
  }

  async #sendPooled(query: TimedQuery): Promise<pg.QueryResult> {
    const { text, query_timeout } = query;
    if (this.getTransactionStatus() !== "I") return this.#send(query);
    if (/^(begin|start transaction)\b/.test(text))
      return this.#send({ text: this.#begin(text), query_timeout });
    const results = await Promise.allSettled([
      this.#send({ text: this.#begin("begin"), query_timeout }),
      this.#send(query),
      this.#send({ text: "commit", query_timeout }),
    ]);
    for (const result of results) if (result.status === "rejected") throw result.reason;
    return results[1].status === "fulfilled" ? results[1].value : emptyResult;
  }

  #begin(text: string): string {
    const { default_transaction_isolation: isolation, ...settings } = this.#session.settings;
    const begin = text === "begin" ? `begin isolation level ${isolation}` : text;
    const set = Object.entries(settings).map(
      ([name, value]) => `set local ${name} = ${pg.escapeLiteral(value)}`,
    );
    return [begin, ...set].join("; ");
  }
}
