import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbedded } from "@/db/embedded/start";
import { ignoreClosedOutput } from "../server/standard-streams";
import { ensureBuild } from "./build";
import { migrateDatabase } from "./migrate";

/** `npm test`: builds this version and runs a command of node_modules/.bin with a temporary PostgreSQL. */
async function run([program = "", ...rest]: string[]): Promise<number> {
  const build = await ensureBuild((line) => console.log(line));
  const directory = await mkdtemp(path.join(tmpdir(), "batch-jobs-test-"));
  const embedded = await startEmbedded({
    directory,
    password: randomBytes(12).toString("hex"),
    isTemporary: true,
  });
  try {
    await migrateDatabase(embedded.databaseUrl);
    const command = spawn(path.join("node_modules/.bin", program), rest, {
      stdio: "inherit",
      env: { ...process.env, DATABASE_URL: embedded.databaseUrl, BATCH_JOBS_BUILD: build },
    });
    // Ctrl-C reaches the command directly; this process stays to clean up.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => command.kill("SIGTERM"));
    return await new Promise((resolve) => command.once("exit", (code) => resolve(code ?? 1)));
  } finally {
    await embedded.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

ignoreClosedOutput();
run(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
