import { startEmbedded } from "@/db/embedded/start";
import { Operator } from "../access/operator";
import { demoEmail, findDemo, isDemo, seedDemo } from "../demo/demo";
import { demoOrganizationId } from "../demo/jobs";
import { simulateCalls } from "../demo/simulate-calls";
import { EnvironmentError, environment, environmentOf, hasOwnDatabase } from "../environment";
import { ignoreClosedOutput } from "../server/standard-streams";
import { setupCode } from "../setup/code";
import { isSetUp } from "../setup/set-up";
import { ensureBuild, nextProgram } from "./build";
import { loadEnvironmentFiles } from "./environment-files";
import { localSecrets } from "./local-secrets";
import { migrateDatabase, retryMigrateDatabase, tryMigrateDatabase } from "./migrate";
import { openDatabase } from "./open-database";
import { ensurePortFree, waitUntilAlive } from "./port";
import { sourceVersion } from "./source-hash";
import { SupervisedServer } from "./supervise";

const isDevelopment = process.argv.includes("--dev");

/**
 * `npm start`: builds this version, migrates the database and serves it. Leaves nothing running when the server ends.
 * With --version, only prints the version.
 * @returns the exit status.
 */
async function start(): Promise<number> {
  if (process.argv.includes("--version")) {
    console.log(await sourceVersion());
    return 0;
  }
  loadEnvironmentFiles(isDevelopment);
  const { HOST, PORT } = environmentOf("HOST", "PORT");
  environmentOf(
    "DATA_DIR",
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
  return hasOwnDatabase() ? serveOwnDatabase() : serveEmbedded(PORT);
}

/** Serves the operator's PostgreSQL, and starts even while it is unavailable. */
async function serveOwnDatabase(): Promise<number> {
  const { DATABASE_URL } = environment();
  const isMigrated = await tryMigrateDatabase(DATABASE_URL);
  const code = isMigrated ? await findSetupCode() : undefined;
  const { server, isAlive } = serve();
  if (isMigrated) {
    isAlive.then(() => printBanner({ setupCode: code }));
  } else {
    isAlive.then(() =>
      console.log(
        `Listening on ${listeningOn()}, but not ready: the database is unavailable. Stop with Ctrl-C.`,
      ),
    );
    retryMigrateDatabase(DATABASE_URL)
      .then(findSetupCode)
      .then(async (lateCode) => {
        await isAlive;
        printBanner({ setupCode: lateCode });
      })
      .catch((error) => {
        console.error(error.message);
        process.exitCode = 1;
        server.end();
      });
  }
  return server.ended;
}

async function findSetupCode(): Promise<string | undefined> {
  const database = await openDatabase("batch-jobs start");
  try {
    return (await isSetUp()) ? undefined : setupCode();
  } finally {
    await database.close();
  }
}

/** Serves the embedded PostgreSQL, with demo data if it is empty. */
async function serveEmbedded(port: number): Promise<number> {
  const { DATA_DIR: directory } = environmentOf("DATA_DIR");
  const secrets = await localSecrets(directory);
  process.env.NEXTAUTH_URL ||= `http://localhost:${port}`;
  process.env.NEXTAUTH_SECRET ||= secrets.nextAuthSecret;
  const embedded = await startEmbedded({ directory, password: secrets.databasePassword });
  try {
    process.env.DATABASE_URL = embedded.databaseUrl;
    await migrateDatabase(embedded.databaseUrl);
    const database = await openDatabase("batch-jobs demo data");
    const operator = Operator.atCommandLine();
    await seedDemo(operator, secrets);
    const demo = await findDemo(operator, secrets);
    const { server, isAlive } = serve();
    isAlive.then(() => printBanner({ demo }));
    const stopDemo = (await isDemo(operator)) ? simulateCalls(operator) : undefined;
    const databaseExited = embedded.exited.then(() => "database exited" as const);
    if ((await Promise.race([server.ended, databaseExited])) === "database exited") {
      console.error(`The embedded PostgreSQL stopped unexpectedly. See ${directory}/postgres.log`);
      process.exitCode = 1;
      server.end();
    }
    const status = await server.ended;
    await stopDemo?.();
    // Not awaited: the database stops next, and with it all connections.
    database.close().catch(() => {});
    return status;
  } finally {
    await embedded.stop();
  }
}

function serve(): { server: SupervisedServer; isAlive: Promise<void> } {
  const { HOST, PORT } = environment();
  // Longer than a proxy's keep-alive, so that a proxy does not send into a connection that is being closed.
  const mode = isDevelopment ? ["dev"] : ["start", "--keepAliveTimeout", "65000"];
  const server = new SupervisedServer(
    [nextProgram, ...mode, "-H", HOST, "-p", String(PORT)],
    {
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: isDevelopment ? "development" : "production",
      // lib/server/prepare.ts handles signals.
      ...(isDevelopment ? {} : { NEXT_MANUAL_SIG_HANDLE: "true" }),
    },
    isDevelopment,
  );
  return { server, isAlive: waitUntilAlive(HOST, PORT) };
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

// Until there is a server to end, a signal ends this process, and with it the database and a build.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, exitUnlessServing);
function exitUnlessServing(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 0) process.exit(130);
}

ignoreClosedOutput();
start().then(
  (status) => process.exit(process.exitCode ?? status),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
