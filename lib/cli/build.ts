import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, constants, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** What goes into a build: a change in any of it makes the build old. */
const sources = ["app", "lib", "db", "instrumentation.ts", "next.config.mjs", "tsconfig.json"];
const descriptions = ["package.json", "package-lock.json"];
/** Written by us when a build is whole, so that one cut short counts as none. */
const stamp = ".next/batch-jobs-source";

export const nextProgram = "node_modules/next/dist/bin/next";

/**
 * Builds unless there is a build of this very source.
 * @throws Error with the build's output when it fails.
 */
export async function ensureBuild(onBuild: () => void): Promise<void> {
  const source = await hashOfSource();
  const built = await readFile(stamp, "utf8").catch(() => "");
  if (built === source) return;
  await access(".", constants.W_OK).catch(() => {
    throw new Error(`Building needs write access, but ${process.cwd()} is read-only for this user.`);
  });
  onBuild();
  const output = await runBuild();
  if (output !== undefined) throw new Error(`The build failed.\n${output}`);
  await writeFile(stamp, source);
}

async function hashOfSource(): Promise<string> {
  const hash = createHash("sha256").update(process.version);
  for (const file of [...descriptions, ...(await filesOf(sources))]) {
    hash.update(`\0${file}\0`).update(await readFile(file));
  }
  return hash.digest("hex");
}

async function filesOf(entries: string[]): Promise<string[]> {
  const found = await Promise.all(
    entries.map(async (entry) => {
      const inside = await readdir(entry, { recursive: true, withFileTypes: true }).catch(() => undefined);
      if (!inside) return [entry];
      return inside
        .filter((file) => file.isFile())
        .map((file) => path.join(file.parentPath ?? file.path, file.name));
    }),
  );
  return found.flat().sort();
}

/** @returns undefined when it went well, else what the build said. */
function runBuild(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const build = spawn(process.execPath, [nextProgram, "build"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    });
    process.once("exit", () => build.kill());
    let output = "";
    build.stdout.on("data", (piece) => (output += piece));
    build.stderr.on("data", (piece) => (output += piece));
    build.once("close", (code) => resolve(code === 0 ? undefined : output));
  });
}
