import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, constants, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Lockfile } from "next/dist/build/lockfile";
import { installBindings } from "next/dist/build/swc/install-bindings";

/** What goes into a build: a change in any of it asks for another build. */
const sources = ["app", "lib", "db", "instrumentation.ts", "next.config.mjs", "tsconfig.json"];
const descriptions = ["package.json", "package-lock.json"];

/** Where Next builds; it keeps its cache, its lock and the types that tsconfig.json includes there. */
const workshop = ".next";
const notPartOfBuild = ["cache", "dev", "diagnostics", "lock", "trace", "trace-build", "turbopack", "types"];

/** Next's own words when an earlier `next build` still runs, such as that of a start that was killed. */
const otherBuildRuns = "Another next build process is already running";
const keptBuilds = 3;

export const nextProgram = "node_modules/next/dist/bin/next";

/** Where a whole build lies, as next.config.mjs has it too. A new build never changes one that is being served. */
function folderOf(build: string): string {
  return `.next-${build}`;
}

/**
 * Builds unless there is a build of this very source. Any number of processes may call this at once: one
 * builds, the others wait for it.
 *
 * @param say is told what takes its time.
 * @param output `inherit` shows what Next says while it builds.
 * @returns the name of the build, for the variable BATCH_JOBS_BUILD.
 * @throws Error with the build's output when it fails, or when there is no build and none can be written.
 */
export async function ensureBuild(
  say: (line: string) => void,
  output: "inherit" | "pipe" = "pipe",
): Promise<string> {
  const build = await hashOfSource();
  if (await isThere(folderOf(build))) return build;
  await access(".", constants.W_OK).catch(() => {
    throw new Error(
      `There is no build of this source, and ${process.cwd()} is read-only for this user. Run npm run build first, as a user who may write there.`,
    );
  });
  if (process.cwd().includes("#")) {
    throw new Error(
      `Tailwind CSS cannot be built in a folder with "#" in its path: ${process.cwd()}. Move the folder, or build elsewhere and copy ${folderOf(build)} here.`,
    );
  }
  await mkdir(workshop, { recursive: true });
  const lock = await takeLock(say);
  try {
    if (await isThere(folderOf(build))) return build;
    say("Building, once for this version …");
    await runBuild(build, output);
    await publish(build);
    await removeOldBuilds();
  } finally {
    lock.unlockSync();
  }
  return build;
}

/** The same for the same files, in any folder, on any machine and under any version of Node. */
async function hashOfSource(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [...descriptions, ...(await filesOf(sources))]) {
    hash.update(`\0${file}\0`).update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 20);
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

/** Takes a lock that the operating system frees when its holder is killed; `next build` guards its own folder so. */
async function takeLock(say: (line: string) => void): Promise<Lockfile> {
  await installBindings();
  for (let tries = 0; ; tries++) {
    const lock = Lockfile.tryAcquire(".next-lock");
    if (lock) return lock;
    if (tries === 0) say("Waiting for the build that another process makes here …");
    await delay(200);
  }
}

async function runBuild(build: string, output: "inherit" | "pipe"): Promise<void> {
  for (;;) {
    const said = await tryToBuild(build, output);
    if (said === undefined) return;
    if (!said.includes(otherBuildRuns)) throw new Error(`The build failed.\n${said}`);
    await delay(500);
  }
}

/** @returns undefined when it went well, else what the build said. */
function tryToBuild(name: string, output: "inherit" | "pipe"): Promise<string | undefined> {
  return new Promise((resolve) => {
    const build = spawn(process.execPath, [nextProgram, "build"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        NODE_ENV: "production",
        NEXT_TELEMETRY_DISABLED: "1",
        BATCH_JOBS_BUILD: name,
      },
    });
    const endBuild = () => build.kill();
    process.once("exit", endBuild);
    let said = "";
    for (const stream of [build.stdout, build.stderr]) {
      stream.on("data", (piece) => {
        said += piece;
        if (output === "inherit") process.stdout.write(piece);
      });
    }
    build.once("close", (code) => {
      process.off("exit", endBuild);
      resolve(code === 0 ? undefined : said);
    });
  });
}

/** Moves what was built to its own folder, which appears there whole. */
async function publish(build: string): Promise<void> {
  const half = `${folderOf(build)}.${process.pid}`;
  await mkdir(half);
  for (const name of await readdir(workshop)) {
    if (!notPartOfBuild.includes(name)) await rename(path.join(workshop, name), path.join(half, name));
  }
  await rename(half, folderOf(build));
}

/** The newest stay: instances of an earlier version may still be served from this folder. */
async function removeOldBuilds(): Promise<void> {
  const names = (await readdir(".")).filter((name) => /^\.next-[0-9a-f]{20}(\.\d+)?$/.test(name));
  const ages = await Promise.all(names.map(async (name) => ({ name, madeMs: (await stat(name)).mtimeMs })));
  ages.sort((one, other) => other.madeMs - one.madeMs);
  for (const { name } of ages.slice(keptBuilds)) await rm(name, { recursive: true, force: true });
}

async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
