import { startEmbedded } from "@/db/embedded/start";
import { Operator } from "../access/operator";
import { findDemo, isDemo, seedDemo } from "../demo/demo";
import { simulateCalls } from "../demo/simulate-calls";
import { environment, environmentOf, hasOwnDatabase } from "../environment";
import { surviveClosedOutput } from "../server/standard-streams";
import { setupCode } from "../setup/code";
import { isSetUp } from "../setup/set-up";
import { banner } from "./banner";
import { ensureBuild, nextProgram } from "./build";
import { loadEnvironmentFiles } from "./environment-files";
import { localSecrets } from "./local-secrets";
import { openDatabase } from "./open-database";
import { ensurePortFree } from "./port";
import { SupervisedServer } from "./supervise";
import { keepTryingToPrepareTables, prepareTables, tryToPrepareTables } from "./tables";
import { localAddress, untilAnswering } from "./wait";

const isDevelopment = process.argv.includes("--dev");

/**
 * `npm start`: a build of this source, a database with this program's tables, and the server on it. Ends
 * when the server ends, and leaves nothing running behind.
 *
 * @returns the exit status.
 */
async function start(): Promise<number> {
  loadEnvironmentFiles(isDevelopment);
  const { HOST, PORT } = environmentOf("HOST", "PORT");
  environmentOf("DATA_DIR", "DATABASE_POOL_MAX", "API_RATE_LIMIT_PER_MINUTE", "TRUSTED_PROXY_COUNT");
  if (hasOwnDatabase()) environment();
  if (process.env.NEXTAUTH_URL) environmentOf("NEXTAUTH_URL");
  if (process.env.NEXTAUTH_SECRET) environmentOf("NEXTAUTH_SECRET");
  await ensurePortFree(HOST, PORT);
  if (!isDevelopment) process.env.BATCH_JOBS_BUILD = await ensureBuild((line) => console.log(line));
  return hasOwnDatabase() ? serveOwnDatabase() : serveEmbedded(PORT);
}

/** The operator's PostgreSQL. One that is away is no reason not to start: readiness tells, and it comes back. */
async function serveOwnDatabase(): Promise<number> {
  const { DATABASE_URL } = environment();
  const isPrepared = await tryToPrepareTables(DATABASE_URL);
  const code = isPrepared ? await findSetupCode() : undefined;
  const { server, isAnswering } = serve();
  if (isPrepared) {
    isAnswering.then(() => sayUp({ setupCode: code }));
  } else {
    isAnswering.then(() =>
      console.log(`Listening on ${listeningOn()}, but not ready: the database is away. Stop with Ctrl-C.`),
    );
    keepTryingToPrepareTables(DATABASE_URL)
      .then(findSetupCode)
      .then(async (late) => {
        await isAnswering;
        sayUp({ setupCode: late });
      })
      .catch((error) => {
        console.error(error.message);
        process.exitCode = 1;
        server.end();
      });
  }
  return server.ended;
}

/** The code for the setup page; undefined when there is an account already. */
async function findSetupCode(): Promise<string | undefined> {
  const database = await openDatabase("batch-jobs start");
  try {
    return (await isSetUp()) ? undefined : setupCode();
  } finally {
    await database.close();
  }
}

/** A PostgreSQL of our own, filled with demo data when it is empty. */
async function serveEmbedded(port: number): Promise<number> {
  const { DATA_DIR: directory } = environmentOf("DATA_DIR");
  const secrets = await localSecrets(directory);
  process.env.NEXTAUTH_URL ||= `http://localhost:${port}`;
  process.env.NEXTAUTH_SECRET ||= secrets.nextAuthSecret;
  const embedded = await startEmbedded({ directory, password: secrets.databasePassword });
  try {
    process.env.DATABASE_URL = embedded.databaseUrl;
    await prepareTables(embedded.databaseUrl);
    const database = await openDatabase("batch-jobs demo data");
    const operator = Operator.atCommandLine();
    await seedDemo(operator, secrets);
    const demo = await findDemo(operator, secrets);
    const { server, isAnswering } = serve();
    isAnswering.then(() => sayUp({ demo }));
    const endMotion = (await isDemo(operator)) ? simulateCalls(operator) : undefined;
    const died = embedded.ended.then(() => "died" as const);
    if ((await Promise.race([server.ended, died])) === "died") {
      console.error(`The embedded PostgreSQL stopped unexpectedly. See ${directory}/postgres.log`);
      process.exitCode = 1;
      server.end();
    }
    const status = await server.ended;
    await endMotion?.();
    // Not waited for: the database ends next, and with it every connection.
    database.close().catch(() => {});
    return status;
  } finally {
    await embedded.stop();
  }
}

function serve(): { server: SupervisedServer; isAnswering: Promise<void> } {
  const { HOST, PORT } = environment();
  // Longer than a proxy keeps its connections to us: it would send into one that we are closing.
  const mode = isDevelopment ? ["dev"] : ["start", "--keepAliveTimeout", "65000"];
  const server = new SupervisedServer(
    [nextProgram, ...mode, "-H", HOST, "-p", String(PORT)],
    {
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: isDevelopment ? "development" : "production",
      // The end of the server is ours: lib/server/drain.ts.
      ...(isDevelopment ? {} : { NEXT_MANUAL_SIG_HANDLE: "true" }),
    },
    isDevelopment,
  );
  return { server, isAnswering: untilAnswering(`${localAddress(HOST, PORT)}/health/live`) };
}

function sayUp(found: Parameters<typeof banner>[2]): void {
  console.log(banner(environment().NEXTAUTH_URL, listeningOn(), found));
}

/** `HOST:PORT`, as a reverse proxy is told it. */
function listeningOn(): string {
  const { HOST, PORT } = environment();
  return `${HOST.includes(":") ? `[${HOST}]` : HOST}:${PORT}`;
}

// Until there is a server to end, a signal ends us: the database and a build end with us.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, exitUnlessServing);
function exitUnlessServing(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 0) process.exit(130);
}

surviveClosedOutput();
start().then(
  (status) => process.exit(process.exitCode ?? status),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
