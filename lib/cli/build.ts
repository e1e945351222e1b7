import { spawn } from "node:child_process";
import { access, constants, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Lockfile } from "next/dist/build/lockfile";
import { installBindings } from "next/dist/build/swc/install-bindings";
import { hashOfSources } from "./source-hash";

/** Where Next builds, and keeps its cache, its lock and the types that tsconfig.json includes. */
const nextFolder = ".next";
const notPartOfBuild = ["cache", "dev", "diagnostics", "lock", "trace", "trace-build", "turbopack", "types"];

/** Next's message when another `next build` is running, such as that of a start that was killed. */
const otherBuildMessage = "Another next build process is already running";
const keptBuilds = 3;

export const nextProgram = "node_modules/next/dist/bin/next";

/** As in next.config.mjs. A new build never changes one that is being served. */
function folderOf(build: string): string {
  return `.next-${build}`;
}

/**
 * Builds this version unless there is a build of it. Any number of processes may call this at once: one builds, and the
 * others wait for it.
 *
 * @param report is called before each step that takes long.
 * @param output `inherit` shows Next's output.
 * @returns the name of the build, for BATCH_JOBS_BUILD.
 * @throws Error with the build's output when it fails, or when there is no build and the folder is not writable.
 */
export async function ensureBuild(
  report: (line: string) => void,
  output: "inherit" | "pipe" = "pipe",
): Promise<string> {
  const build = await hashOfSources();
  if (await exists(folderOf(build))) return build;
  await access(".", constants.W_OK).catch(() => {
    throw new Error(
      `There is no build of this version, and this user cannot write to ${process.cwd()}. Run npm run build as a user who can.`,
    );
  });
  if (process.cwd().includes("#")) {
    throw new Error(
      `Tailwind CSS cannot be built in a folder with "#" in its path: ${process.cwd()}. Move the folder, or build elsewhere and copy ${folderOf(build)} here.`,
    );
  }
  await mkdir(nextFolder, { recursive: true });
  const lock = await takeLock(report);
  try {
    if (await exists(folderOf(build))) return build;
    report("Building this version…");
    await runBuild(build, output);
    await publish(build);
    await removeOldBuilds();
  } finally {
    lock.unlockSync();
  }
  return build;
}

/** Takes a lock that the operating system releases when its holder is killed. `next build` uses one for its own folder. */
async function takeLock(report: (line: string) => void): Promise<Lockfile> {
  await installBindings();
  for (let tries = 0; ; tries++) {
    const lock = Lockfile.tryAcquire(".next-lock");
    if (lock) return lock;
    if (tries === 0) report("Waiting for the build of another process…");
    await delay(200);
  }
}

async function runBuild(build: string, output: "inherit" | "pipe"): Promise<void> {
  for (;;) {
    const failure = await tryToBuild(build, output);
    if (failure === undefined) return;
    if (!failure.includes(otherBuildMessage)) throw new Error(`The build failed.\n${failure}`);
    await delay(500);
  }
}

/** @returns the build's output when it fails. */
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
    const stopBuild = () => build.kill();
    process.once("exit", stopBuild);
    let printed = "";
    for (const stream of [build.stdout, build.stderr]) {
      stream.on("data", (piece) => {
        printed += piece;
        if (output === "inherit") process.stdout.write(piece);
      });
    }
    build.once("close", (code) => {
      process.off("exit", stopBuild);
      resolve(code === 0 ? undefined : printed);
    });
  });
}

/** Moves a build to a folder of its own, atomically. */
async function publish(build: string): Promise<void> {
  const temporary = `${folderOf(build)}.${process.pid}`;
  await mkdir(temporary);
  for (const name of await readdir(nextFolder)) {
    if (notPartOfBuild.includes(name)) continue;
    await rename(path.join(nextFolder, name), path.join(temporary, name));
  }
  await rename(temporary, folderOf(build));
}

/** Keeps the newest, because instances of earlier versions may still serve from this folder. */
async function removeOldBuilds(): Promise<void> {
  const names = (await readdir(".")).filter((name) => /^\.next-[0-9a-f]{20}(\.\d+)?$/.test(name));
  const ages = await Promise.all(names.map(async (name) => ({ name, madeMs: (await stat(name)).mtimeMs })));
  ages.sort((one, other) => other.madeMs - one.madeMs);
  for (const { name } of ages.slice(keptBuilds)) await rm(name, { recursive: true, force: true });
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
