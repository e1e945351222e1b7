import { hostname } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { Client, RefusedError } from "../dialer/client";
import { runDialer } from "../dialer/dialer";
import { callByCommand, callByUrl } from "../dialer/make-call";
import { simulateCall } from "../dialer/simulate-call";
import { environmentOf, hasOwnDatabase } from "../environment";
import { ignoreClosedOutput } from "../server/standard-streams";
import { loadEnvironmentFiles } from "./environment-files";
import { findLocalSecrets } from "./local-secrets";
import { localAddress } from "./port";

function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** @returns undefined for an empty variable, which counts as absent. */
function httpUrl(text: string): string | undefined {
  if (text === "") return undefined;
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("It must be an address that begins with http:// or https://.");
}

interface Options {
  url?: string;
  apiKey?: string;
  name: string;
  concurrency: number;
  simulate?: number | true;
  command?: string;
  callUrl?: string;
}

/** `npm run dialer`: makes the calls of an organization's batch jobs, or makes them up. */
const program = new Command("npm run -s dialer --")
  .description("Make the calls of an organization’s batch jobs. Ctrl-C finishes the calls under way.")
  .addOption(
    new Option("--url <url>", "the server; by default the one that HOST and PORT set, here or in .env")
      .env("BATCH_JOBS_URL")
      .argParser(httpUrl),
  )
  .addOption(
    new Option("--api-key <key>", "a key with the scope dial; by default the demo’s").env(
      "BATCH_JOBS_API_KEY",
    ),
  )
  .addOption(
    // So that calls which a killed dialer left are not taken for those of the one that replaces it.
    new Option("--name <name>", "the dialer’s name, shown with its calls").default(
      `${hostname().slice(0, 100)}-${process.pid}`,
      "of this process",
    ),
  )
  .option("--concurrency <n>", "maximum concurrent calls", wholeNumber(1, 1_000), 5)
  .option(
    "--simulate [speed]",
    "simulate calls, 1 to 1,000 times as fast as real ones",
    wholeNumber(1, 1_000),
  )
  .option("--command <command>", "make each call by a shell command")
  .option("--call-url <url>", "make each call by a POST to this address", httpUrl)
  .showHelpAfterError("Run with --help for usage.");

/** @throws Error unless there is exactly one way to make calls. */
function makeCallOf({ simulate, command, callUrl }: Options, signal: AbortSignal) {
  const ways = [
    simulate && simulateCall(simulate === true ? 1 : simulate, signal),
    command && callByCommand(command),
    callUrl && callByUrl(callUrl),
  ].filter((way) => way !== undefined && way !== "");
  const [way] = ways;
  if (way && ways.length === 1) return way;
  throw new Error("Give exactly one of --simulate, --command or --call-url. Run with --help for usage.");
}

/** The address of a server that was started here, as it reads the same variables. */
function urlOfServer(): string {
  const { HOST, PORT } = environmentOf("HOST", "PORT");
  return localAddress(HOST, PORT);
}

const keyIsMissing = "Set BATCH_JOBS_API_KEY to an API key that has the scope dial.";

/** @returns the demo's, if this installation has one. */
async function findDemoKey(): Promise<string | undefined> {
  const { DATA_DIR, DEMO } = environmentOf("DATA_DIR", "DEMO");
  if (DEMO === "off" || hasOwnDatabase()) return undefined;
  return (await findLocalSecrets(DATA_DIR))?.demoApiKey;
}

async function run(): Promise<void> {
  loadEnvironmentFiles();
  const options = program.parse().opts<Options>();
  const stop = new AbortController();
  const makeCall = makeCallOf(options, stop.signal);
  const { name, concurrency } = options;
  const url = (options.url || urlOfServer()).replace(/\/$/, "");
  const apiKey = options.apiKey || (await findDemoKey());
  if (apiKey === undefined) throw new Error(keyIsMissing);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
  log(`Dialing for ${url} as ${name}, ${concurrency} calls at a time`);
  const client = new Client(url, apiKey, log);
  await runDialer(client, { name, concurrency, makeCall, log }, stop.signal).catch((error) => {
    // The server was started without the demo.
    const isOfDemo = !options.apiKey && error instanceof RefusedError && error.code === "invalid_api_key";
    throw isOfDemo ? new Error(keyIsMissing) : error;
  });
}

ignoreClosedOutput();
run().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
