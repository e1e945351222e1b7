import { type ChildProcess, spawn } from "node:child_process";

/** Who started us; another one later means that they were killed. */
const parentAtStart = process.ppid;

/** npm passes on a Ctrl-C that has reached us already: within this time it is the same one. */
const sameSignalMs = 1_000;

/**
 * Runs Next's server as a child, and ends it when we are asked to end: on Ctrl-C, SIGTERM and SIGHUP
 * gently, so that requests in flight are answered; on the second signal at once.
 */
export class SupervisedServer {
  readonly #child: ChildProcess;
  /** Settles when the server has ended: with 0 when we ended it, else with its own exit code. */
  readonly ended: Promise<number>;
  #endingSince: number | undefined;

  /**
   * @param command arguments for Node.
   * @param env of the server, on top of our own.
   */
  constructor(command: string[], env: Record<string, string>, isDevelopment: boolean) {
    this.#child = spawn(process.execPath, command, {
      // In a session of its own, so that Ctrl-C reaches it once, through us. The channel tells it when
      // we are killed: see lib/server/prepare.ts.
      detached: true,
      // Its standard output is but a banner of Next's, with other addresses than ours.
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

  /** `kill -9` of npm reaches nobody else: then our parent is another, and we end too. */
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
