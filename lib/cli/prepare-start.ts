import { setTimeout as delay } from "node:timers/promises";
import { Command, Option } from "commander";
import { startEmbedded } from "@/db/embedded/start";
import { Operator } from "../access/operator";
import { demoEmail, findDemo, findDemoDialers, seedDemo } from "../demo/demo";
import { demoOrganizationId } from "../demo/jobs";
import { runDemo } from "../demo/run-demo";
import { Client } from "../dialer/client";
import { EnvironmentError, environment, environmentOf, hasOwnDatabase } from "../environment";
import { messageWithoutData } from "../log";
import { ignoreClosedOutput } from "../server/standard-streams";
import { setupCode } from "../setup/code";
import { isSetUp } from "../setup/set-up";
import { ensureBuild, nextProgram } from "./build";
import { loadEnvironmentFiles } from "./environment-files";
import { localSecrets } from "./local-secrets";
import { migrateDatabase, retryMigrateDatabase, tryMigrateDatabase } from "./migrate";
import { openDatabase } from "./open-database";
import { ensurePortFree, localAddress, waitUntilAlive } from "./port";
import { sourceVersion } from "./source-hash";

/** How start.mjs runs the server. */
export interface ServerCommand {
  /** Arguments of Node. */
  words: string[];
  env: NodeJS.ProcessEnv;
  stdout: "ignore" | "inherit";
}

const { dev: isDevelopment = false, version: isVersionWanted } = new Command("npm start --")
  .description("Start the server: build this version if necessary, migrate the database, and serve.")
  .option("--version", "print the version and the hash of its source")
  .addOption(new Option("--dev").hideHelp())
  .addHelpText(
    "after",
    "\nSettings are environment variables, such as PORT=3001, or lines of a file .env. README.md describes them.",
  )
  .showHelpAfterError("Run with --help for usage.")
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "")) })
  .parse()
  .opts<{ dev?: true; version?: true }>();
let isServing = false;
/** How long the demo has to report its calls before the server ends. */
const stopDemoMs = 1_000;
let stopDemo = async () => {};

/** Resolves when the server has ended, and when start.mjs has been killed. */
const ended = new Promise<"ended">((resolve) => process.once("disconnect", () => resolve("ended")));

/**
 * Builds this version, migrates the database, tells start.mjs to serve it, and prints how to reach it. Stays only as
 * long as it has something to do.
 *
 * @returns the exit status. Other than 0, it ends the server.
 */
async function prepare(): Promise<number> {
  if (isVersionWanted) {
    console.log(await sourceVersion());
    return 0;
  }
  loadEnvironmentFiles(isDevelopment);
  const { HOST, PORT } = environmentOf("HOST", "PORT");
  environmentOf(
    "DATA_DIR",
    "DEMO",
    "DATABASE_POOL_MAX",
    "API_RATE_LIMIT_PER_MINUTE",
    "REDIS_URL",
    "TRUSTED_PROXY_COUNT",
  );
  const { METRICS_PORT, METRICS_TOKEN } = environmentOf("LOG_REQUESTS", "METRICS_PORT", "METRICS_TOKEN");
  if (METRICS_PORT === PORT) throw new EnvironmentError("METRICS_PORT must be another port than PORT");
  if (METRICS_TOKEN !== undefined && METRICS_PORT === undefined)
    throw new EnvironmentError("METRICS_TOKEN has no effect without METRICS_PORT");
  environmentOf("COMPRESSION", "API_THROUGH_NEXT");
  if (hasOwnDatabase()) environment();
  if (process.env.NEXTAUTH_URL) environmentOf("NEXTAUTH_URL");
  if (process.env.NEXTAUTH_SECRET) environmentOf("NEXTAUTH_SECRET");
  await ensurePortFree("PORT", HOST, PORT);
  if (METRICS_PORT !== undefined) await ensurePortFree("METRICS_PORT", HOST, METRICS_PORT);
  if (!isDevelopment) process.env.BATCH_JOBS_BUILD = await ensureBuild((line) => console.log(line));
  if (!hasOwnDatabase()) return serveEmbedded(PORT);
  await Promise.race([serveOwnDatabase(), ended]);
  return 0;
}

/** Serves the operator's PostgreSQL, and starts even while it is unavailable. */
async function serveOwnDatabase(): Promise<void> {
  const { DATABASE_URL } = environment();
  const isMigrated = await tryMigrateDatabase(DATABASE_URL);
  const isAlive = serve();
  if (!isMigrated) {
    isAlive.then(() =>
      console.log(
        `Listening on ${listeningOn()}, but not ready: the database is unavailable. Stop with Ctrl-C.`,
      ),
    );
    await retryMigrateDatabase(DATABASE_URL);
  }
  const code = await findSetupCode();
  await isAlive;
  printBanner({ setupCode: code });
}

async function findSetupCode(): Promise<string | undefined> {
  const database = await openDatabase("batch-jobs start");
  try {
    return (await isSetUp()) ? undefined : setupCode();
  } finally {
    await database.close();
  }
}

/** Serves the embedded PostgreSQL, with demo data if it is empty and DEMO isn't off. Stays until the server has ended. */
async function serveEmbedded(port: number): Promise<number> {
  const { DATA_DIR: directory, DEMO } = environmentOf("DATA_DIR", "DEMO");
  const secrets = await localSecrets(directory);
  process.env.NEXTAUTH_URL ||= `http://localhost:${port}`;
  process.env.NEXTAUTH_SECRET ||= secrets.nextAuthSecret;
  const embedded = await startEmbedded({ directory, password: secrets.databasePassword });
  try {
    process.env.DATABASE_URL = embedded.databaseUrl;
    await migrateDatabase(embedded.databaseUrl);
    const database = await openDatabase("batch-jobs demo data");
    const operator = Operator.atCommandLine();
    if (DEMO === "on") await seedDemo(operator, secrets);
    const demo = await findDemo(operator, secrets);
    const dialers = DEMO === "on" ? await findDemoDialers(operator, secrets) : [];
    const code = (await isSetUp()) ? undefined : setupCode();
    serve().then(() => {
      printBanner({ demo, setupCode: code });
      startDemo(dialers);
    });
    if ((await Promise.race([ended, embedded.exited])) !== "ended") {
      console.error(`The embedded PostgreSQL stopped unexpectedly. See ${directory}/postgres.log`);
      return 1;
    }
    await stopDemo();
    // Not awaited: the database stops next, and with it all connections.
    database.close().catch(() => {});
    return 0;
  } finally {
    await embedded.stop();
  }
}

function startDemo(dialers: Awaited<ReturnType<typeof findDemoDialers>>): void {
  const { HOST, PORT } = environment();
  const stop = new AbortController();
  const running = dialers.map(({ viewer, apiKey }) =>
    runDemo(viewer, new Client(localAddress(HOST, PORT), apiKey), stop.signal),
  );
  stopDemo = async () => {
    stop.abort();
    await Promise.race([Promise.all(running), delay(stopDemoMs)]);
  };
}

/** @returns when the server is alive. */
function serve(): Promise<void> {
  const { HOST, PORT } = environment();
  // Longer than a proxy's keep-alive, so that a proxy does not send into a connection that is being closed.
  const mode = isDevelopment ? ["dev"] : ["start", "--keepAliveTimeout", "65000"];
  const command: ServerCommand = {
    words: [...heapLimits(), ...holdConnections(), nextProgram, ...mode, "-H", HOST, "-p", String(PORT)],
    env: {
      ...process.env,
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: isDevelopment ? "development" : "production",
      // The C library would keep freed memory for each thread.
      MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? "2",
      // lib/server/prepare.ts handles signals.
      ...(isDevelopment ? {} : { NEXT_MANUAL_SIG_HANDLE: "true" }),
    },
    // In production, Next prints only a banner with other addresses.
    stdout: isDevelopment ? "inherit" : "ignore",
  };
  isServing = true;
  process.send?.(command);
  return waitUntilAlive(HOST, PORT);
}

/**
 * V8 lets a heap that may become large grow to four times what is in use before it collects garbage, and with this limit
 * to 1.4 times. About 60 MB are in use. The young generation takes up to 24 MB instead of 48, which costs the list no CPU
 * time.
 */
function heapLimits(): string[] {
  const isChosen = /max[-_](old|semi)[-_]space[-_]size/.test(process.env.NODE_OPTIONS ?? "");
  return isDevelopment || isChosen ? [] : ["--max-old-space-size=512", "--max-semi-space-size=8"];
}

function holdConnections(): string[] {
  return isDevelopment ? [] : ["--import", new URL("../server/hold-connections.mjs", import.meta.url).href];
}

function listeningOn(): string {
  const { HOST, PORT } = environment();
  return `${HOST.includes(":") ? `[${HOST}]` : HOST}:${PORT}`;
}

/**
 * @param demo the demo's secrets, if there is a demo.
 * @param setupCode if there are no accounts yet.
 */
function printBanner({
  demo,
  setupCode,
}: {
  demo?: { apiKey: string; password: string };
  setupCode?: string;
}): void {
  const address = environment().NEXTAUTH_URL;
  const lines = [`Batch Jobs is running: ${address} (listening on ${listeningOn()})`];
  if (setupCode) {
    lines.push("", "No accounts yet. Create the first owner:");
    lines.push(`  page        ${address}/setup`, `  setup code  ${setupCode}`);
  }
  if (demo) {
    lines.push("", "Demo login", `  email     ${demoEmail}`, `  password  ${demo.password}`);
    lines.push("", "Try the API with the demo key");
    lines.push(
      `  curl "${address}/batch/jobs?organizationId=${demoOrganizationId}" -H "Authorization: Bearer ${demo.apiKey}"`,
    );
  }
  console.log(`\n${[...lines, "", "Stop with Ctrl-C."].join("\n")}\n`);
}

// start.mjs was killed before this process listened to the channel.
if (process.connected === false) process.exit(1);
// While the server runs, start.mjs ends it on a signal, and then this process.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!isServing) process.exit(130);
  });
}
// start.mjs is about to end the server.
process.on("message", () => stopDemo().then(() => process.send?.("ready", undefined, undefined, () => {})));
ended.then(() => {
  if (!isServing) process.exit(1);
});

ignoreClosedOutput();
prepare().then(
  (status) => process.exit(status),
  (error: Error) => {
    console.error(messageWithoutData(error));
    process.exit(1);
  },
);
