import pg from "pg";
import { isConnectionLost, isReadOnly, isTimeout } from "./failure";
import { preparedMark, preparedName } from "./prepared";
import { spendTime } from "./time-budget";

/** In ms; missing in pg's types. */
type TimedQuery = pg.QueryConfig & { query_timeout: number };

export interface SessionOptions {
  /** Of PostgreSQL, by name. */
  settings: Record<string, string>;
  /** How long to wait for the answer to a statement, in ms; Infinity for as long as it takes. */
  queryTimeoutMs: number;
}

/** How long setting up a session may take. */
const setUpTimeoutMs = 2_000;

const nothing: pg.QueryResult = { command: "", rowCount: 0, oid: 0, rows: [], fields: [] };

/** The longest delay that Node's timers have. */
const timeoutMaxMs = 2 ** 31 - 1;

/**
 * A connection whose statements run under the settings that they need.
 *
 * To PostgreSQL itself, they are set once, and the statements marked so are prepared: PostgreSQL need not parse them
 * again, nor plan them where one plan is as good as another.
 *
 * Behind a connection pooler such as PgBouncer each transaction may run in another session, which other programs use
 * as well: a setting of the session would leak to them, or be lost, and a prepared statement may not be there. So each
 * transaction there begins with its own settings (`set local`). A statement by itself becomes a transaction that is
 * sent in one go, so that it still costs one round trip.
 */
export class Connection extends pg.Client {
  readonly madeAt = Date.now();
  /**
   * Why this connection must not be used again: an answer that was not waited for may still come, and would be taken
   * for that of the next statement; or it was cut, or can only read, because its server was replaced by another.
   */
  fault: "unanswered" | "of another server" | undefined;
  #session: SessionOptions = { settings: {}, queryTimeoutMs: setUpTimeoutMs };
  #isPooled = false;

  /**
   * Finds out whether a pooler is between, and makes the settings hold. To be called once, before other statements.
   *
   * A pooler gives its clients cancellation keys of its own, so the process that answers is not the one that the
   * key names; in a session that is not ours alone nothing is set.
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
      // pg leaves the socket open where it is pg that gave up, and the server would wait for a minute.
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
    // Closing the connection rolls back as well, and keeps the error that led here.
    if (this.fault && text === "rollback") return nothing;
    try {
      return await spendTime((leftMs) => {
        const limitMs = Math.ceil(Math.min(leftMs, this.#session.queryTimeoutMs, timeoutMaxMs));
        const query = { text, values, query_timeout: limitMs };
        if (this.#isPooled) return this.#sendPooled(query);
        return this.#send(text.startsWith(preparedMark) ? { ...query, name: preparedName(text) } : query);
      });
    } catch (error) {
      if (isTimeout(error)) this.fault ??= "unanswered";
      else if (isReadOnly(error) || isConnectionLost(error)) this.fault ??= "of another server";
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
    const sent = await Promise.allSettled([
      this.#send({ text: this.#begin("begin"), query_timeout }),
      this.#send(query),
      this.#send({ text: "commit", query_timeout }),
    ]);
    for (const one of sent) if (one.status === "rejected") throw one.reason;
    return sent[1].status === "fulfilled" ? sent[1].value : nothing;
  }

  /** What a transaction begins with behind a pooler. */
  #begin(text: string): string {
    const { default_transaction_isolation: isolation, ...settings } = this.#session.settings;
    const begin = text === "begin" ? `begin isolation level ${isolation}` : text;
    const set = Object.entries(settings).map(
      ([name, value]) => `set local ${name} = ${pg.escapeLiteral(value)}`,
    );
    return [begin, ...set].join("; ");
  }
}
