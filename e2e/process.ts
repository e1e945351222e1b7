import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { test as base, expect } from "@playwright/test";

/** Variables of this program that a test must not inherit from the suite's own environment. */
const ours = [
  "DATABASE_URL",
  "NEXTAUTH_URL",
  "NEXTAUTH_SECRET",
  "PORT",
  "HOST",
  "DATA_DIR",
  "DEMO",
  "DATABASE_POOL_MAX",
  "API_RATE_LIMIT_PER_MINUTE",
  "REDIS_URL",
  "TRUSTED_PROXY_COUNT",
  "COMPRESSION",
  "API_THROUGH_NEXT",
  "SMTP_URL",
  "MAIL_FROM",
  "LOG_REQUESTS",
  "METRICS_PORT",
  "METRICS_TOKEN",
];

const root = path.resolve(import.meta.dirname, "..");

export type Variables = Record<string, string | undefined>;

function environmentWith(variables: Variables): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !ours.includes(name) && !name.startsWith("npm_"),
  );
  return {
    ...(Object.fromEntries(inherited) as NodeJS.ProcessEnv),
    // Use tsx's cache: run.mjs turns it off, and `npm test` has inherited that.
    TSX_DISABLE_CACHE: "",
    ...variables,
  };
}

/** A command of ours that was started: what it wrote so far, and how it ended. */
export class Running {
  stdout = "";
  stderr = "";
  readonly child: ChildProcess;
  readonly ended: Promise<{ status: number | null; signal: NodeJS.Signals | null }>;

  constructor(
    command: string[],
    variables: Variables,
    { input, cwd = root }: { input?: string | Buffer; cwd?: string } = {},
  ) {
    const [program = "", ...rest] = command;
    this.child = spawn(program, rest, {
      cwd,
      env: environmentWith(variables),
      stdio: "pipe",
    });
    this.child.stdout?.on("data", (piece) => (this.stdout += piece));
    this.child.stderr?.on("data", (piece) => (this.stderr += piece));
    this.child.stdin?.on("error", () => {});
    if (input !== undefined) this.child.stdin?.end(input);
    this.ended = new Promise((resolve) =>
      this.child.once("close", (status, signal) => resolve({ status, signal })),
    );
  }

  /** Waits until the output shows a text. */
  async shows(text: string | RegExp, timeout = 30_000): Promise<void> {
    const all = () => this.stdout + this.stderr;
    await expect
      .poll(all, { timeout, intervals: [50] })
      .toMatch(text instanceof RegExp ? text : new RegExp(text));
  }
}

export interface Workshop {
  /** A folder of the test's own, removed at its end. */
  directory: string;
  /** `npm start`, without npm unless asked for; ended at the test's end when it still runs. */
  start(variables: Variables, command?: string[], cwd?: string): Running;
  /** `npm run -s admin -- …`, to its end. */
  admin(
    variables: Variables,
    words: string[],
    input?: string | Buffer,
  ): Promise<Running & { status: number | null }>;
}

export const test = base.extend<{ workshop: Workshop }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a fixture needs from this pattern
  workshop: async ({}, use) => {
    const directory = await mkdtemp(path.join(tmpdir(), "batch-jobs-workshop-"));
    const started: Running[] = [];
    await use({
      directory,
      start: (variables, command = [process.execPath, "lib/cli/start.mjs"], cwd) => {
        const running = new Running(command, variables, { cwd });
        started.push(running);
        return running;
      },
      admin: async (variables, words, input) => {
        const running = new Running([process.execPath, "lib/cli/run.mjs", "admin", ...words], variables, {
          input,
        });
        const { status } = await running.ended;
        return Object.assign(running, { status });
      },
    });
    for (const running of started) {
      if (running.child.exitCode === null && running.child.signalCode === null) running.child.kill("SIGTERM");
      await running.ended;
    }
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  },
});

/** Whether anything listens on a port of the loopback interface. Connects: a probe that listened could be in a server's way. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

export { freePort } from "@/db/fixtures-postgres";
export { expect };
