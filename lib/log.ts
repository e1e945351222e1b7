import { Console } from "node:console";
import { format } from "node:util";
import { printable } from "./format/text";
import { currentRequestId } from "./server/current-response";

type Level = "error" | "warn" | "info";

/** JSON leaves out what is undefined. */
export interface Line {
  level: Level;
  message: string;
  requestId?: string | undefined;
  [field: string]: unknown;
}

const summaryEveryMs = 1_000;
const requestIdsMax = 100;
/** How long `logSoon` collects lines: writing each one would cost more than all else about it. */
const collectMs = 100;

interface Repeats {
  line: Line;
  count: number;
  requestIds: string[];
}

// Not the global console, which logConsole changes. Like that one it ignores a closed pipe.
const output = new Console(process.stderr);

// Next bundles this file more than once.
const shared = globalThis as { batchJobsRepeats?: Map<string, Repeats> };

/** What was logged in the last second, by what its repetitions have in common. */
function allRepeats(): Map<string, Repeats> {
  if (!shared.batchJobsRepeats) {
    const created = new Map<string, Repeats>();
    process.once("exit", () => created.forEach(writeSummary));
    shared.batchJobsRepeats = created;
  }
  return shared.batchJobsRepeats;
}

function textOf(line: Line): string {
  return printable(JSON.stringify({ time: new Date().toISOString(), ...line }));
}

function write(line: Line): void {
  output.log(textOf(line));
}

function writeSummary({ line, count, requestIds }: Repeats): void {
  if (count > 0) write({ ...line, repeated: count, requestIds });
}

function summarize(key: string): void {
  const repeats = allRepeats().get(key);
  if (!repeats) return;
  writeSummary(repeats);
  if (repeats.count === 0) allRepeats().delete(key);
  else summarizeLater(key, { ...repeats, count: 0, requestIds: [] });
}

function summarizeLater(key: string, repeats: Repeats): void {
  allRepeats().set(key, repeats);
  setTimeout(summarize, summaryEveryMs, key).unref();
}

/**
 * Logs a line. Its repetitions are counted and logged once a second: `repeated` is their number, `requestIds` are the
 * first hundred.
 *
 * @param common the fields that make other lines repetitions of this one.
 */
export function logRepeatable(line: Line, common: Line): void {
  const key = JSON.stringify(common);
  const repeats = allRepeats().get(key);
  if (repeats) {
    repeats.count += 1;
    if (line.requestId && repeats.requestIds.length < requestIdsMax) repeats.requestIds.push(line.requestId);
    return;
  }
  write(line);
  summarizeLater(key, { line: common, count: 0, requestIds: [] });
}

let collected: string[] | undefined;

/** Logs a line within a tenth of a second, for lines as frequent as requests. */
export function logSoon(line: Line): void {
  if (!collected) {
    collected = [];
    process.once("exit", writeCollected);
  }
  collected.push(textOf(line));
  if (collected.length === 1) setTimeout(writeCollected, collectMs).unref();
}

function writeCollected(): void {
  if (!collected?.length) return;
  output.log(collected.join("\n"));
  collected = [];
}

/**
 * The message of an error, only up to what it quotes, which may be a contact's data: PostgreSQL's data exceptions (class 22
 * of its appendix A) quote values, in the quotation marks of `lc_messages`, and JSON.parse the text. PostgreSQL's `detail`,
 * which has whole rows, is not logged anyway.
 */
export function messageWithoutData({ message, name, code }: Error & { code?: string }): string {
  const isQuoting = name === "SyntaxError" || /^22...$/.test(String(code));
  return isQuoting ? message.replace(/["'«»‹›„“”‚‘’「『].*/s, '"…"') : message;
}

function log(
  level: Level,
  message: string,
  error: unknown,
  context: Record<string, string | undefined>,
): void {
  const isObject = typeof error === "object" && error !== null;
  const thrown = (isObject ? error : { message: error && String(error) }) as Error;
  const { name, message: text, code, digest } = thrown as Error & { code?: string; digest?: string };
  const reason = text && messageWithoutData(thrown);
  const stack = text && reason ? thrown.stack?.replace(text, () => reason) : thrown.stack;
  const { requestId, ...others } = { requestId: currentRequestId(), ...context };
  logRepeatable(
    { level, message, requestId, ...others, name, code, digest, reason, stack },
    { level, message, name, code, reason },
  );
}

/**
 * Logs an error as a line of JSON on standard error, with the current request's ID. Repetitions are counted, and logged
 * without the stack.
 *
 * @param message such as "failed to send email".
 * @param context identifiers, never secrets. `requestId: undefined` for what concerns no request.
 */
export function logError(
  message: string,
  error: unknown,
  context: Record<string, string | undefined> = {},
): void {
  log("error", message, error, context);
}

/** Redirects `console.error` and `console.warn`, which Next and other packages use, to this log. */
export function logConsole(): void {
  for (const level of ["error", "warn"] as const) {
    console[level] = (...words: unknown[]) => {
      const error = words.find((word) => word instanceof Error);
      const text = format(...words.filter((word) => word !== error)).trim();
      // Next prints only a symbol before an error.
      log(level, /\w/.test(text) ? text : "failed to handle request", error, {});
    };
  }
}
