import path from "node:path";
import { type APIResponse, mergeTests } from "@playwright/test";
import { makeApiKey } from "./api-key";
import { expect, Organization, test as withOrganizations } from "./fixtures";
import { freePort, type Running, type Variables, type Workshop, test as withWorkshop } from "./process";
import { startRedis, type TestRedis } from "./redis";
import { addresses, secret } from "./servers";

// How many requests a key has left: in each response, in one instance and in several with Redis.

const password = "p/ss w#rd:@%";

const test = mergeTests(withOrganizations, withWorkshop).extend<{ redis: TestRedis }>({
  redis: async ({ workshop }, use) => {
    const redis = await startRedis(path.join(workshop.directory, "redis"), password);
    await use(redis);
    await redis.stop();
  },
});

const names = [
  "ratelimit",
  "ratelimit-policy",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
];

/** What the headers say, which must agree. */
function rateLimitOf(response: APIResponse): { limit: number; remaining: number; seconds: number } {
  const headers = response.headers();
  const number = (pattern: RegExp, name: string) =>
    Number(pattern.exec(headers[name] ?? "")?.[1] ?? Number.NaN);
  const limit = number(/^"default";q=(\d+);w=60$/, "ratelimit-policy");
  const remaining = number(/^"default";r=(\d+);t=\d+$/, "ratelimit");
  const seconds = number(/^"default";r=\d+;t=(\d+)$/, "ratelimit");
  expect(headers["x-ratelimit-limit"]).toBe(String(limit));
  expect(headers["x-ratelimit-remaining"]).toBe(String(remaining));
  const resetSeconds = Number(headers["x-ratelimit-reset"]) - Date.parse(headers.date ?? "") / 1_000;
  expect(Math.abs(resetSeconds - seconds), "Unix time, in seconds").toBeLessThanOrEqual(5);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  return { limit, remaining, seconds };
}

const remainingOf = (response: APIResponse) => rateLimitOf(response).remaining;

/** Requests that an instance answers. */
const ask = (org: Organization, address: string, query = "", headers: Record<string, string> = {}) =>
  org.request.get(`${address}/batch/jobs?organizationId=${org.id}${query}`, {
    headers: { "x-api-key": org.key, ...headers },
  });

/** Starts an instance on the suite's database. @param limit of a key, in requests a minute. */
async function startLimited(workshop: Workshop, limit: number, variables: Variables) {
  const address = `http://localhost:${await freePort()}`;
  const running = workshop.start({
    DATABASE_URL: process.env.DATABASE_URL,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: secret,
    PORT: new URL(address).port,
    API_RATE_LIMIT_PER_MINUTE: `${limit}`,
    ...variables,
  });
  await running.shows("Stop with Ctrl-C");
  return { address, running };
}

test("without a limit no response speaks of one", async ({ org }) => {
  for (const response of [await org.get(), await org.get("&page=0")]) {
    for (const name of names) expect(response.headers()).not.toHaveProperty(name);
  }
});

test("each response of a key says what is left, errors too; a 304 counts a tenth", async ({ org }) => {
  const askOdd = (query?: string, headers?: Record<string, string>) =>
    ask(org, addresses.odd, query, headers);
  const first = await askOdd();
  expect(rateLimitOf(first)).toMatchObject({ limit: 5, remaining: 4 });
  const invalid = await askOdd("&page=0");
  expect([invalid.status(), remainingOf(invalid)]).toEqual([400, 3]);
  const foreign = await ask(new Organization("org_foreign", org.key, org.request), addresses.odd);
  expect([foreign.status(), remainingOf(foreign)]).toEqual([403, 2]);
  const ifNoneMatch = { "If-None-Match": first.headers().etag ?? "" };
  for (let time = 1; time <= 10; time++) {
    const unchanged = await askOdd("", ifNoneMatch);
    expect([unchanged.status(), remainingOf(unchanged)], `${time}`).toEqual([304, 1]);
  }
  expect([remainingOf(await askOdd("&page=2"))]).toEqual([0]);
  const refused = await askOdd("", ifNoneMatch);
  expect(refused.status()).toBe(429);
  const { remaining, seconds } = rateLimitOf(refused);
  expect(remaining).toBe(0);
  expect(refused.headers()["retry-after"]).toBe(String(seconds));
});

test("who has no usable key is told of no limit", async ({ org }) => {
  for (const key of [makeApiKey(), "x", ""]) {
    const response = await ask(new Organization(org.id, key, org.request), addresses.odd);
    expect(response.status()).toBe(401);
    for (const name of names) expect(response.headers()).not.toHaveProperty(name);
  }
});

test("requests at once have different remainings, and never more than the limit", async ({ org }) => {
  const responses = await Promise.all(Array.from({ length: 12 }, () => ask(org, addresses.odd)));
  const allowed = responses.filter((response) => response.status() === 200).map(remainingOf);
  expect(allowed.sort()).toEqual([0, 1, 2, 3, 4]);
  const refused = responses.filter((response) => response.status() === 429).map(remainingOf);
  expect(refused).toEqual(Array(7).fill(0));
});

test("with Redis all instances count together, and each alone while it is suspended or stopped", async ({
  workshop,
  redis,
  org,
}) => {
  test.setTimeout(120_000);
  const start = (url: string) =>
    startLimited(workshop, 1_000, { REDIS_URL: url, NODE_EXTRA_CA_CERTS: redis.certificate });
  const instances = await Promise.all([start(redis.url.plain), start(redis.url.tls)]);
  const [one, other] = instances as [(typeof instances)[0], (typeof instances)[0]];
  const askBoth = (times: number) =>
    Promise.all(instances.flatMap(({ address }) => Array.from({ length: times }, () => ask(org, address))));
  const key = () => redis.run("--scan", "--pattern", "batch-jobs:*");
  const linesOf = ({ running }: { running: Running }, text: string) =>
    running.stderr.split("\n").filter((line) => line.includes(text));

  // The first connection to Redis may take longer than the first request waits for it.
  const isCounted = async () => {
    const before = Number(redis.run("get", key() || "none"));
    await askBoth(1);
    return Number(redis.run("get", key() || "none")) - before;
  };
  await expect.poll(isCounted).toBe(20);
  redis.run("del", key());

  await test.step("fifty at once have fifty remainings", async () => {
    const remaining = (await askBoth(25)).map(remainingOf);
    expect(remaining.sort((a, b) => b - a)).toEqual(Array.from({ length: 50 }, (_, at) => 999 - at));
  });

  await test.step("one after the other, never more", async () => {
    const etag = { "If-None-Match": (await ask(org, one.address)).headers().etag ?? "" };
    const remaining: number[] = [];
    for (const { address } of [one, other, one, other]) {
      remaining.push(remainingOf(await ask(org, address)), remainingOf(await ask(org, address, "", etag)));
    }
    expect(remaining).toEqual([948, 947, 946, 946, 945, 945, 944, 944]);
  });

  await test.step("a new window starts whole", async () => {
    redis.run("pexpire", key(), "1");
    await expect.poll(key).toBe("");
    expect(rateLimitOf(await ask(org, other.address))).toEqual({ limit: 1_000, remaining: 999, seconds: 60 });
    expect(remainingOf(await ask(org, one.address))).toBe(998);
  });

  await test.step("the limit is that of all together; a throttled key is answered 429", async () => {
    redis.run("set", key(), "9990", "KEEPTTL");
    expect(remainingOf(await ask(org, one.address))).toBe(0);
    for (const { address } of instances) {
      const refused = await ask(org, address);
      expect([refused.status(), remainingOf(refused)]).toEqual([429, 0]);
    }
    redis.run("del", key());
  });

  for (const [how, leave, comeBack] of [
    ["suspended", redis.suspend, redis.resume],
    ["stopped", redis.stop, redis.start],
  ] as const) {
    await test.step(`${how}, restarted under load`, async () => {
      const before = instances.map((instance) => linesOf(instance, "Redis is").length);
      await askBoth(5);
      const load = askBoth(20);
      await leave();
      for (const response of await load) expect(response.status()).toBe(200);
      const started = Date.now();
      for (let time = 0; time < 10; time++) expect((await ask(org, one.address)).status()).toBe(200);
      expect(Date.now() - started, "they do not wait for Redis, half a second each").toBeLessThan(5_000);
      await comeBack();
      for (const instance of instances) {
        const isBack = async () => {
          expect((await ask(org, instance.address)).status()).toBe(200);
          return linesOf(instance, "Redis is").length;
        };
        const at = instances.indexOf(instance);
        await expect.poll(isBack, { timeout: 20_000 }).toBe((before[at] ?? 0) + 2);
        const [lost, found] = linesOf(instance, "Redis is").slice(-2);
        expect(lost).toMatch(
          /"level":"error","message":"Redis is unavailable: API rate limits are counted in each instance"/,
        );
        expect(found).toMatch(/"level":"warn","message":"Redis is available again: /);
      }
      const remaining = (await askBoth(5)).map(remainingOf).sort((a, b) => b - a);
      expect(remaining).toEqual(Array.from({ length: 10 }, (_, at) => (remaining[0] ?? 0) - at));
    });
  }

  for (const { running } of instances) {
    running.child.kill("SIGTERM");
    await running.ended;
    for (const form of [password, encodeURIComponent(password)]) {
      expect(running.stdout + running.stderr).not.toContain(form);
    }
  }
});

test("starts while Redis is unavailable or refuses the password, and says why without it", async ({
  workshop,
  redis,
  org,
}) => {
  const check = async (url: string, reason: RegExp) => {
    const { address, running } = await startLimited(workshop, 100, { REDIS_URL: url });
    const remaining = [];
    for (let time = 0; time < 3; time++) remaining.push(remainingOf(await ask(org, address)));
    expect(remaining).toEqual([99, 98, 97]);
    running.child.kill("SIGTERM");
    await running.ended;
    const lines = running.stderr.split("\n").filter((line) => line.includes("Redis"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(reason);
    expect(running.stdout + running.stderr).not.toContain("not-the-right-one");
  };
  await Promise.all([
    check(redis.url.plain.replace(/:[^/:]+@/, ":not-the-right-one@"), /WRONGPASS/),
    check(`redis://:not-the-right-one@127.0.0.1:${await freePort()}`, /ECONNREFUSED/),
  ]);
});
