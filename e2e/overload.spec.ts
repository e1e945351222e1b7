import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { insertApiKey, insertOrganization } from "@/db/fixtures";
import { makeApiKey } from "./api-key";
import { servingProcess } from "./bench/usage";
import { expect, freePort, type Running, test, type Variables, type Workshop } from "./process";
import { rawGet } from "./raw-http";
import { secret } from "./servers";

// More requests than the server can answer, clients that are slow or gone, and the end of the server under load.

test.describe.configure({ timeout: 90_000 });

/** An unknown invitation: the page asks the database twice. */
const costlyPage = `/join?token=${"a".repeat(43)}`;

async function startServer(workshop: Workshop, variables: Variables = {}) {
  const organizationId = await insertOrganization();
  const key = makeApiKey();
  await insertApiKey(organizationId, key);
  const managing = makeApiKey();
  await insertApiKey(organizationId, managing, { scopes: ["manage"] });
  const port = await freePort();
  const address = `http://localhost:${port}`;
  const running = workshop.start({
    DATABASE_URL: process.env.DATABASE_URL,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: secret,
    PORT: String(port),
    TRUSTED_PROXY_COUNT: "1",
    ...variables,
  });
  await running.shows("Stop with Ctrl-C");
  return { running, address, port, list: `/batch/jobs?organizationId=${organizationId}`, key, managing };
}

type Server = Awaited<ReturnType<typeof startServer>>;

interface Answer {
  status: number;
  ms: number;
  headers: NodeJS.Dict<string | string[]>;
}

/** @throws what the connection fails with; `isReused` says whether it had answered before. */
function get({ address }: Server, path: string, agent: Agent, headers: Record<string, string>) {
  const startMs = performance.now();
  return new Promise<Answer>((resolve, reject) => {
    const asked = request(`${address}${path}`, { agent, headers }, (response) => {
      response.resume();
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          ms: performance.now() - startMs,
          headers: response.headers,
        }),
      );
    });
    asked.once("error", (error) => reject(Object.assign(error, { isReused: asked.reusedSocket })));
    asked.end();
  });
}

/** Asks one after the other on each of so many connections. @returns how many answers had each status. */
async function askOnConnections(
  server: Server,
  { connections, requests }: { connections: number; requests: number },
) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { "x-api-key": server.key, "X-Forwarded-For": "198.51.100.7" };
  const statuses = new Map<number, number>();
  const client = async () => {
    for (let at = 0; at < requests; at++) {
      const { status } = await get(server, server.list, agent, headers);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  return Object.fromEntries(statuses);
}

/** Sends so many requests at once on one connection. */
function pipeline({ port }: Server, requests: number, path: string, ...headers: string[]): Socket {
  const socket = connect(port, "localhost");
  socket.on("error", () => {});
  const one = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers.join("\r\n")}\r\n\r\n`;
  socket.write(one.repeat(requests));
  return socket;
}

/** Counts the answers on connections by their status, until there are so many. */
async function countAnswers(sockets: Socket[], wanted: number) {
  let text = "";
  for (const socket of sockets) socket.on("data", (piece) => (text += piece.toString("latin1")));
  const answers = () => text.match(/HTTP\/1\.1 \d+/g) ?? [];
  await expect.poll(() => answers().length, { timeout: 30_000, intervals: [100] }).toBe(wanted);
  const statuses: Record<string, number> = {};
  for (const answer of answers()) statuses[answer.slice(9)] = (statuses[answer.slice(9)] ?? 0) + 1;
  return { statuses, text };
}

/** Runs a script in a process of its own. @returns the JSON that it prints. */
function runScript(script: string): unknown {
  const env = { ...process.env, NEXTAUTH_URL: "http://localhost", NEXTAUTH_SECRET: secret };
  const command = ["--import", "tsx", "-e", `(async () => {${script}})()`];
  const cwd = path.resolve(import.meta.dirname, "..");
  const stdio = ["ignore", "pipe", "ignore"] as const;
  return JSON.parse(
    execFileSync(process.execPath, command, { cwd, env, encoding: "utf8", stdio: [...stdio] }),
  );
}

test("large uploads wait for each other, up to a number, and small ones for none", () => {
  const script = `
    const { limitCreations } = await import("./lib/batch-jobs/limit-creations.ts");
    const { setImmediate } = await import("node:timers/promises");
    let running = 0;
    const errors = [];
    const create = (bytes) =>
      void limitCreations(bytes, () => { running++; return new Promise(() => {}); }).catch((error) => errors.push(error));
    for (let count = 0; count < 8; count++) create(9_000_000);
    await setImmediate();
    const large = running;
    create(200_000);
    await setImmediate();
    console.log(JSON.stringify({ large, small: running - large, errors }));
    process.exit();
  `;
  expect(runScript(script)).toEqual({
    large: 2,
    small: 1,
    errors: Array(2).fill(
      expect.objectContaining({ status: 503, code: "too_many_uploads", headers: { "Retry-After": "5" } }),
    ),
  });
});

test("one address may fill the queue, and makes room when others come", async () => {
  const script = `
    const { IncomingMessage, ServerResponse } = await import("node:http");
    const { Socket } = await import("node:net");
    const { clientAddressHeader } = await import("./lib/http/client-address.ts");
    const { limitRequests } = await import("./lib/server/limit-requests.ts");
    const ask = (address, count) =>
      Array.from({ length: count }, () => {
        const request = Object.assign(new IncomingMessage(new Socket()), { url: "/batch/jobs" });
        request.headers[clientAddressHeader] = address;
        const response = new ServerResponse(request);
        const one = { isHandled: false, response };
        limitRequests(request, response, () => { one.isHandled = true; });
        return one;
      });
    const tell = (all) => ({
      handled: all.filter(({ isHandled }) => isHandled).length,
      refused: all.filter(({ response }) => response.writableEnded).length,
    });
    const one = ask("198.51.100.1", 2_056);
    const before = tell(one);
    const more = tell(ask("198.51.100.1", 10));
    const other = tell(ask("198.51.100.2", 100));
    console.log(JSON.stringify({ before, more, other, after: tell(one) }));
    process.exit();
  `;
  expect(runScript(script)).toEqual({
    before: { handled: 8, refused: 0 },
    more: { handled: 0, refused: 10 },
    other: { handled: 8, refused: 0 },
    after: { handled: 8, refused: 92 },
  });
});

test("many requests from one address are refused, while other addresses only wait longer", async ({
  workshop,
}) => {
  const server = await startServer(workshop);
  const other = new Agent({ keepAlive: true });
  const otherAsks = () =>
    get(server, server.list, other, { "x-api-key": server.key, "X-Forwarded-For": "203.0.113.9" });

  const attacker = "X-Forwarded-For: 198.51.100.66";
  const pages = Array.from({ length: 6 }, () =>
    pipeline(server, 200, costlyPage, attacker, "Accept: text/html"),
  );
  const api = Array.from({ length: 2 }, () =>
    pipeline(server, 200, server.list, attacker, `x-api-key: ${server.key}`),
  );
  const counting = [countAnswers(pages, 1_200), countAnswers(api, 400)] as const;
  for (let at = 0; at < 10; at++) {
    expect((await otherAsks()).status).toBe(200);
    expect((await fetch(`${server.address}/health/live`)).status).toBe(200);
  }
  const [{ statuses, text }, ofApi] = await Promise.all(counting);
  expect(statuses["503"]).toBeGreaterThan(600);
  expect(text).toMatch(/Retry-After: 5\r\n/);
  expect(text).toContain("The server is busy");
  expect(ofApi.statuses["500"]).toBeGreaterThan(200);
  expect(ofApi.text).toMatch(/Retry-After: 1\r\n/);
  expect(ofApi.text).toContain('\r\n\r\n{"detail":"Failed to list batch jobs","code":"internal_error"}');
  for (const socket of [...pages, ...api]) socket.destroy();
  // Repetitions are logged a second later.
  await expect
    .poll(() => server.running.stderr)
    .toMatch(/"message":"failed to handle request: too many at once".*"repeated":\d+/);
  const lines = server.running.stderr.match(/"level":"(error|warn)"/g);
  expect(lines?.length, "lines in the log, of 1,600 requests").toBeLessThan(60);

  // Clients that go away with their requests unanswered take no room from those that come after them.
  for (let round = 0; round < 3; round++) {
    const gone = Array.from({ length: 5 }, () => pipeline(server, 200, costlyPage, attacker));
    await delay(50);
    for (const socket of gone) socket.destroy();
  }
  const again = () =>
    get(server, costlyPage, other, { "X-Forwarded-For": "198.51.100.66" }).then(({ status }) => status);
  await expect.poll(again, { intervals: [100] }).toBe(404);
  other.destroy();

  // Many connections of one address, such as a load balancer's, are no flood.
  expect(await askOnConnections(server, { connections: 16, requests: 10 })).toEqual({ 200: 160 });
  expect(await askOnConnections(server, { connections: 160, requests: 1 })).toEqual({ 200: 160 });
});

/** The descriptors that the serving process holds open. */
function countDescriptors(running: Running): number {
  return readdirSync(`/proc/${servingProcess(running.child.pid ?? 0)}/fd`).length;
}

/**
 * Sends a beginning, then so many bytes a second until there are enough.
 *
 * @returns the status and the end of the answer, and after how many seconds it arrived.
 */
function sendSlowly(
  { port }: Server,
  beginning: string,
  { bytesPerSecond = 1, bytes = 1_000 } = {},
): Promise<{ status: string; text: string; seconds: number }> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const socket = connect(port, "localhost");
    let text = "";
    let sent = 0;
    const timer = setInterval(() => {
      const next = Math.min(bytesPerSecond, bytes - sent);
      socket.write("a".repeat(next));
      sent += next;
    }, 1_000);
    socket.on("data", (piece) => (text += piece));
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(timer);
      resolve({ status: text.slice(9, 12), text, seconds: (performance.now() - startMs) / 1_000 });
    });
    socket.write(beginning);
  });
}

test("slow and disconnected clients hold no resources, and are not logged as errors", async ({
  workshop,
}) => {
  // Without the requests that are refused here, nothing must be logged.
  const server = await startServer(workshop, { LOG_REQUESTS: "off" });
  const form = [
    `POST /settings/account/rename HTTP/1.1\r\nHost: localhost\r\nOrigin: ${server.address}`,
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nname=",
  ].join("\r\n");
  const slow = ["GET / HTTP/1.1\r\nX-Slow: ", form].map((beginning) => sendSlowly(server, beginning));
  // An upload over a slow line: 23 seconds of 60 kB.
  const bytes = 23 * 60_000;
  const upload = [
    `POST /batch/create HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nx-api-key: ${server.managing}`,
    `Content-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`,
  ].join("\r\n");
  const uploading = sendSlowly(server, upload, { bytesPerSecond: 60_000, bytes });
  const before = countDescriptors(server.running);

  const gone = async (bytes: string) => {
    const socket = connect(server.port, "localhost");
    socket.on("error", () => {});
    await new Promise((resolve) => socket.write(bytes, resolve));
    await delay(Math.random() * 20);
    socket.destroy();
  };
  const list = rawGet(server.list, `x-api-key: ${server.key}`);
  for (const bytes of [form, list, rawGet("/sign-in"), rawGet(costlyPage)]) {
    await Promise.all(Array.from({ length: 10 }, () => gone(bytes)));
  }

  // Next keeps those open that match no route, also after the client has gone.
  for (let round = 0; round < 10; round++) {
    const upgrade = rawGet("/nothing", "Upgrade: h2c").replace("close", "Upgrade");
    await Promise.all(Array.from({ length: 30 }, () => gone(upgrade)));
  }
  await expect
    .poll(() => countDescriptors(server.running), { intervals: [100], timeout: 30_000 })
    .toBeLessThan(before + 20);

  const [head, body] = await Promise.all(slow);
  expect(head?.status).toBe("408");
  // Ten seconds, and as long as Node takes to see it.
  expect(head?.seconds).toBeLessThan(20);
  expect(body?.status).toBe("408");
  expect(body?.seconds).toBeLessThan(25);
  const uploaded = await uploading;
  expect(uploaded.text, "all of it was read").toContain("The body is not valid JSON");
  expect(uploaded.seconds).toBeGreaterThan(20);
  expect(
    server.running.stderr.replace(/.*"message":"failed to handle request: too many at once".*\n/g, ""),
  ).toBe("");
});

test("on SIGTERM under load, accepted requests are completed and the server exits", async ({ workshop }) => {
  for (let round = 0; round < 3; round++) {
    const server = await startServer(workshop);
    const agent = new Agent({ keepAlive: true });
    const headers = { "x-api-key": server.key };
    // A connection that a browser opened in advance must not hold up the end.
    const unused = connect(server.port, "localhost");
    let answers = 0;
    const failures: string[] = [];
    const client = async () => {
      for (;;) {
        try {
          // Answered in whole, by whatever status: it is cut connections that are looked for.
          await get(server, server.list, agent, headers);
          answers++;
        } catch (error) {
          const { code, message, isReused } = error as NodeJS.ErrnoException & { isReused?: boolean };
          // Nothing was accepted on a new connection.
          if (isReused) failures.push(`${code} ${message}`);
          return;
        }
      }
    };
    const clients = Array.from({ length: 16 }, client);
    await expect.poll(() => answers, { intervals: [20] }).toBeGreaterThan(100);
    const startMs = performance.now();
    // As systemd does, which tells each process.
    process.kill(servingProcess(server.running.child.pid ?? 0), "SIGTERM");
    server.running.child.kill("SIGTERM");
    expect(await server.running.ended).toEqual({ status: 0, signal: null });
    const seconds = (performance.now() - startMs) / 1_000;
    test.info().annotations.push({ type: "seconds to end", description: seconds.toFixed(2) });
    await Promise.all(clients);
    unused.destroy();
    agent.destroy();
    expect(failures, `round ${round}`).toEqual([]);
    expect(seconds).toBeLessThan(3);
  }
});
