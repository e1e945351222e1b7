import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { makeCertificate } from "./certificate";
import { fileOf, requirePackage } from "./debian-packages";
import { expect, freePort, isListening } from "./process";

export interface TestRedis {
  /** Its address with the password; by TLS, whose certificate nobody has signed but itself, or without. */
  url: { plain: string; tls: string };
  certificate: string;
  start(): Promise<void>;
  /** Suspends it: connections stay open, and nothing is answered. */
  suspend(): void;
  resume(): void;
  stop(): Promise<void>;
  /** Runs a command. @returns what it answers. */
  run(...words: string[]): string;
}

/** Starts Debian's Redis on loopback, with a password; it stores nothing on disk. @param directory for its files. */
export async function startRedis(directory: string, password: string): Promise<TestRedis> {
  requirePackage("redis-server");
  await mkdir(directory, { recursive: true });
  const [key, certificate] = [path.join(directory, "tls.key"), path.join(directory, "tls.pem")];
  makeCertificate(key, certificate);
  const [port, tlsPort] = [await freePort(), await freePort()];
  const tls = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no"];
  const options = ["--bind", "127.0.0.1", "--port", `${port}`, "--tls-port", `${tlsPort}`, ...tls];
  let child: ChildProcess;
  const start = async () => {
    child = spawn(fileOf("redis-server"), [...options, "--requirepass", password, "--save", ""], {
      cwd: directory,
      stdio: "ignore",
    });
    await expect.poll(() => isListening(port), { intervals: [20] }).toBe(true);
  };
  await start();
  const user = `:${encodeURIComponent(password)}`;
  return {
    url: { plain: `redis://${user}@127.0.0.1:${port}/0`, tls: `rediss://${user}@localhost:${tlsPort}` },
    certificate,
    start,
    suspend: () => child.kill("SIGSTOP"),
    resume: () => child.kill("SIGCONT"),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
    run: (...words) => {
      const env = { ...process.env, REDISCLI_AUTH: password };
      return spawnSync("redis-cli", ["-p", `${port}`, ...words], { encoding: "utf8", env }).stdout.trim();
    },
  };
}
