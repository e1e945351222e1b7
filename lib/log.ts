import { Console } from "node:console";
import { format } from "node:util";
import { printable } from "./format/text";
import { currentRequestId } from "./server/current-response";

type Level = "error" | "warn";
type Line = Record<string, unknown>;

const summaryEveryMs = 1_000;
/** A summary names so many requests at most. */
const requestIdsMax = 100;

interface Repeats {
  line: Line;
  count: number;
  requestIds: string[];
}

// Not the global console, which logConsole changes. Like that one it ignores a reader that went away.
const output = new Console(process.stderr);

// Next bundles this file more than once.
const shared = globalThis as { batchJobsRepeats?: Map<string, Repeats> };

/** What was logged in the last second, by what makes it the same failure. */
function allRepeats(): Map<string, Repeats> {
  if (!shared.batchJobsRepeats) {
    const made = new Map<string, Repeats>();
    process.once("exit", () => made.forEach(writeSummary));
    shared.batchJobsRepeats = made;
  }
  return shared.batchJobsRepeats;
}

function write(line: Line): void {
  output.log(printable(JSON.stringify({ time: new Date().toISOString(), ...line })));
}

function writeSummary({ line, count, requestIds }: Repeats): void {
  if (count > 0) write({ ...line, repeated: count, requestIds });
}

function summarize(key: string): void {
  const repeats = allRepeats().get(key);
  if (!repeats) return;
  writeSummary(repeats);
  if (repeats.count === 0) allRepeats().delete(key);
  else later(key, { ...repeats, count: 0, requestIds: [] });
}

function later(key: string, repeats: Repeats): void {
  allRepeats().set(key, repeats);
  setTimeout(summarize, summaryEveryMs, key).unref();
}

function log(
  level: Level,
  message: string,
  error: unknown,
  context: Record<string, string | undefined>,
): void {
  const isObject = typeof error === "object" && error !== null;
  const thrown = (isObject ? error : { message: error && String(error) }) as Error;
  const { name, message: reason, code, digest, stack } = thrown as Error & { code?: string; digest?: string };
  const { requestId, ...others } = { requestId: currentRequestId(), ...context };
  const key = JSON.stringify([level, message, name, code, reason]);
  const repeats = allRepeats().get(key);
  if (repeats) {
    repeats.count += 1;
    if (requestId && repeats.requestIds.length < requestIdsMax) repeats.requestIds.push(requestId);
    return;
  }
  write({ level, message, requestId, ...others, name, code, digest, reason, stack });
  later(key, { line: { level, message, name, code, reason }, count: 0, requestIds: [] });
}

/**
 * Writes a failure as a line of JSON on standard error, with the id of the request that is being answered. The same failure
 * within a second is counted, and told in one line a second without the stack: `repeated` says how often, `requestIds`
 * names the first hundred.
 *
 * @param context identifiers, never a key, a password or a cookie. `requestId: undefined` for what concerns no request.
 */
export function logError(
  message: string,
  error: unknown,
  context: Record<string, string | undefined> = {},
): void {
  log("error", message, error, context);
}

/** Makes lines of this log of what Next and other packages write with `console.error` and `console.warn`. */
export function logConsole(): void {
  for (const level of ["error", "warn"] as const) {
    console[level] = (...words: unknown[]) => {
      const error = words.find((word) => word instanceof Error);
      const text = format(...words.filter((word) => word !== error)).trim();
      // Next puts a mere sign before an error.
      log(level, /\w/.test(text) ? text : "Failed to answer", error, {});
    };
  }
}
