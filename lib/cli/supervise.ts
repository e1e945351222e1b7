import { type ChildProcess, spawn } from "node:child_process";

/** Changes when the parent is killed. */
const parentAtStart = process.ppid;

/** npm forwards a Ctrl-C that has reached this process already; within this time it is the same one. */
const sameSignalMs = 1_000;

/** Runs Next's server as a child process. Ends it gracefully on the first signal, and immediately on the second. */
export class SupervisedServer {
  readonly #child: ChildProcess;
  /** Resolves with the exit status: 0 after `end`, or else the server's. */
  readonly ended: Promise<number>;
  #endingSince: number | undefined;

  /**
   * @param command arguments of Node.
   * @param env added to this process's environment.
   */
  constructor(command: string[], env: Record<string, string>, isDevelopment: boolean) {
    this.#child = spawn(process.execPath, command, {
      // In its own session, so that Ctrl-C reaches it only through this process. When this process is killed, the "ipc"
      // channel closes: see lib/server/prepare.ts.
      detached: true,
      // In production, Next prints only a banner with other addresses.
      stdio: ["ignore", isDevelopment ? "inherit" : "ignore", "inherit", "ipc"],
      env: { ...process.env, ...env },
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", (code) => resolve(this.#endingSince === undefined ? (code ?? 1) : 0));
    });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => this.end());
    this.#endWithNpm();
  }

  end(): void {
    if (this.#endingSince === undefined) {
      this.#endingSince = Date.now();
      this.#child.kill("SIGTERM");
    } else if (Date.now() - this.#endingSince > sameSignalMs) {
      this.#child.kill("SIGKILL");
    }
  }

  /** Ends the server when npm is killed by `kill -9`. */
  #endWithNpm(): void {
    if (process.env.npm_lifecycle_event === undefined) return;
    const watch = setInterval(() => {
      if (process.ppid === parentAtStart) return;
      clearInterval(watch);
      this.end();
    }, 1_000);
    watch.unref();
  }
}
