import { Agent, get } from "node:http";
import { sql } from "kysely";
import { insertApiKey, testDatabase, uniqueId } from "@/db/fixtures";
import { makeApiKey } from "./api-key";
import { expect, type Organization, test } from "./fixtures";
import { addresses } from "./servers";

const missingBecause = (hint: string) => ({
  body: `{"detail":"Send an API key: Authorization: Bearer <key>${hint}","code":"missing_api_key"}`,
  challenge: 'Bearer realm="batch-jobs"',
});
const missing = missingBecause("");
const invalid = {
  body: '{"detail":"This API key is not valid","code":"invalid_api_key"}',
  challenge: 'Bearer realm="batch-jobs", error="invalid_token"',
};

async function expectRefused(
  org: Organization,
  headers: Record<string, string>,
  expected: typeof missing,
  query = "",
) {
  const response = await org.request.get(`/batch/jobs?organizationId=${org.id}${query}`, { headers });
  expect(response.status()).toBe(401);
  expect(await response.text()).toBe(expected.body);
  expect(response.headers()["www-authenticate"]).toBe(expected.challenge);
  expect(response.headers()["cache-control"]).toBe("private, no-cache");
}

/** The key with one character changed: the form is right, the checksum is not. */
function mistyped(key: string): string {
  return key.slice(0, 20) + (key[20] === "a" ? "b" : "a") + key.slice(21);
}

test.describe("without a key: 401 missing_api_key", () => {
  const [noKey, noScheme, otherScheme] = [
    ". There is no key after Bearer",
    ". The word Bearer and a space are missing before the key",
    ". This Authorization has another scheme than Bearer",
  ];
  const cases: Record<string, [(org: Organization) => Record<string, string>, hint?: string]> = {
    "no header": [() => ({})],
    "an empty Authorization": [() => ({ Authorization: "" })],
    "Bearer and nothing": [() => ({ Authorization: "Bearer" }), noKey],
    "Bearer and spaces": [() => ({ Authorization: "Bearer   " }), noKey],
    "another scheme": [
      (org) => ({ Authorization: `Basic ${Buffer.from(`x:${org.key}`).toString("base64")}` }),
      otherScheme,
    ],
    "the key with the scheme Token": [(org) => ({ Authorization: `Token ${org.key}` }), otherScheme],
    "the key without a scheme": [(org) => ({ Authorization: org.key }), noScheme],
    "the key right after Bearer": [(org) => ({ Authorization: `Bearer${org.key}` }), noScheme],
    "an empty x-api-key": [() => ({ "x-api-key": "" })],
    "a cookie": [(org) => ({ Cookie: `api_key=${org.key}; next-auth.session-token=${org.key}` })],
    "Authorization of another scheme, which wins over a good x-api-key": [
      (org) => ({ Authorization: "Basic eA==", "x-api-key": org.key }),
      otherScheme,
    ],
  };
  for (const [name, [headers, hint]] of Object.entries(cases)) {
    test(name, async ({ org }) => expectRefused(org, headers(org), missingBecause(hint ?? "")));
  }

  for (const parameter of ["access_token", "api_key", "apiKey", "key", "x-api-key", "Authorization"]) {
    test(`a key in the address as ${parameter} is never read`, async ({ org }) =>
      expectRefused(org, {}, missing, `&${parameter}=${org.key}`));
  }
});

test.describe("with an invalid key: 401 invalid_api_key, with the same body for each", () => {
  const texts: Record<string, (org: Organization) => string> = {
    nonsense: () => "x",
    "a mistyped key": (org) => mistyped(org.key),
    "a key of another prefix": (org) => org.key.replace("tk_live_", "tk_test_"),
    "a key cut short": (org) => org.key.slice(0, -1),
    "a key and more": (org) => `${org.key}A`,
    "a key in capitals": (org) => org.key.toUpperCase(),
    "two keys": (org) => `${org.key}, ${org.key}`,
    "a key in quotes": (org) => `"${org.key}"`,
    "a well-formed key that nobody has": () => makeApiKey(),
    "10,000 characters": () => "x".repeat(10_000),
    "characters beyond ASCII": () => "tk_live_\u00e9\u00ff",
  };
  for (const [name, text] of Object.entries(texts)) {
    test(`${name}, as Bearer`, async ({ org }) =>
      expectRefused(org, { Authorization: `Bearer ${text(org)}` }, invalid));
    test(`${name}, as x-api-key`, async ({ org }) => expectRefused(org, { "x-api-key": text(org) }, invalid));
  }

  test("Authorization takes precedence over a valid x-api-key", async ({ org }) =>
    expectRefused(org, { Authorization: `Bearer ${makeApiKey()}`, "x-api-key": org.key }, invalid));

  const aSecondAgo = new Date(Date.now() - 1_000);
  for (const [name, columns] of Object.entries({
    expired: { created_at: new Date(0), expires_at: aSecondAgo },
    revoked: { revoked_at: aSecondAgo },
    "revoked, though to expire later": { revoked_at: aSecondAgo, expires_at: new Date(Date.now() + 60_000) },
  })) {
    test(`a key that is ${name}`, async ({ org }) => {
      const key = makeApiKey();
      await insertApiKey(org.id, key, columns);
      await expectRefused(org, { Authorization: `Bearer ${key}` }, invalid);
    });
  }

  test("a key whose organization was deleted", async ({ org }) => {
    await testDatabase.deleteFrom("organizations").where("id", "=", org.id).execute();
    await expectRefused(org, { Authorization: `Bearer ${org.key}` }, invalid);
  });
});

test.describe("a valid key", () => {
  test("works as Bearer in any case and as x-api-key", async ({ org }) => {
    for (const headers of [
      { Authorization: `Bearer ${org.key}` },
      { Authorization: `bearer ${org.key}` },
      { Authorization: `BEARER   ${org.key}` },
      { "x-api-key": org.key },
      { "X-API-KEY": org.key },
      { "x-api-key": org.key, Cookie: "next-auth.session-token=whatever" },
    ]) {
      const response = await org.request.get(`/batch/jobs?organizationId=${org.id}`, {
        headers: headers as never,
      });
      expect(response.status(), Object.keys(headers).join()).toBe(200);
    }
  });

  test("works until it expires", async ({ org }) => {
    const key = makeApiKey();
    await insertApiKey(org.id, key, { expires_at: new Date(Date.now() + 3_600_000) });
    expect((await org.get("", { Authorization: `Bearer ${key}` })).status()).toBe(200);
  });

  test("keeps working when its creator is deleted: it belongs to the organization", async ({ org }) => {
    const id = uniqueId("user");
    await testDatabase
      .insertInto("users")
      .values({ id, email: `${id}@example.com`, password_hash: "x" })
      .execute();
    const key = makeApiKey();
    await insertApiKey(org.id, key, { created_by_user_id: id });
    await testDatabase.deleteFrom("users").where("id", "=", id).execute();
    expect((await org.get("", { Authorization: `Bearer ${key}` })).status()).toBe(200);
  });

  test("is refused from the next request on when it is revoked, on an open connection too", async ({
    org,
  }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const url = `${addresses.main}/batch/jobs?organizationId=${org.id}`;
        get(url, { agent, headers: { "x-api-key": org.key } }, (response) => {
          response.resume().once("end", () => resolve(response.statusCode));
        }).once("error", reject);
      });
    expect(await ask()).toBe(200);
    await testDatabase
      .updateTable("api_keys")
      .set({ revoked_at: new Date() })
      .where("organization_id", "=", org.id)
      .execute();
    expect(await ask()).toBe(401);
    const other = await org.request.get(`${addresses.odd}/batch/jobs?organizationId=${org.id}`, {
      headers: { "x-api-key": org.key },
    });
    expect(other.status(), "on another instance").toBe(401);
    agent.destroy();
  });
});

test.describe("last used", () => {
  const lastUsed = async (org: Organization) => {
    const row = await testDatabase
      .selectFrom("api_keys")
      .select(["last_used_at", "updated_at"])
      .where("organization_id", "=", org.id)
      .executeTakeFirstOrThrow();
    return row;
  };

  test("is recorded at the first use and then at most once a minute, and is no change of the key", async ({
    org,
  }) => {
    const before = await lastUsed(org);
    expect(before.last_used_at).toBeNull();
    await org.list();
    await expect.poll(async () => (await lastUsed(org)).last_used_at).not.toBeNull();
    const first = await lastUsed(org);
    for (let again = 0; again < 5; again++) await org.list();
    expect(await lastUsed(org)).toEqual(first);
    expect(first.updated_at).toEqual(before.updated_at);

    const longAgo = new Date(Date.now() - 61_000);
    await testDatabase
      .updateTable("api_keys")
      .set({ last_used_at: longAgo })
      .where("organization_id", "=", org.id)
      .execute();
    await org.list();
    await expect
      .poll(async () => (await lastUsed(org)).last_used_at?.getTime())
      .toBeGreaterThan(longAgo.getTime());
  });

  test("never makes a request wait for another one that records it", async ({ org }) => {
    await testDatabase.transaction().execute(async (transaction) => {
      await transaction
        .selectFrom("api_keys")
        .select("id")
        .where("organization_id", "=", org.id)
        .forUpdate()
        .execute();
      expect((await org.get()).status()).toBe(200);
      const waiting = await sql`
        select query from pg_stat_activity
        where application_name = 'batch-jobs' and wait_event_type = 'Lock' and query like '%api_keys%'
      `.execute(transaction);
      expect(waiting.rows).toEqual([]);
    });
  });

  test("is not recorded for a refused key", async ({ org }) => {
    await testDatabase
      .updateTable("api_keys")
      .set({ revoked_at: new Date() })
      .where("organization_id", "=", org.id)
      .execute();
    expect((await org.get()).status()).toBe(401);
    expect((await lastUsed(org)).last_used_at).toBeNull();
  });
});

test.describe("a key over its rate limit", () => {
  const ask = (org: Organization, query = "") =>
    org.request.get(`${addresses.odd}/batch/jobs?organizationId=${org.id}${query}`, {
      headers: { "x-api-key": org.key },
    });

  test("gets 429 with Retry-After, never 401, and affects no other key", async ({ makeOrg }) => {
    const [org, other] = [await makeOrg(), await makeOrg()];
    for (let request = 0; request < 5; request++) expect((await ask(org)).status()).toBe(200);
    const refused = await ask(org);
    expect(refused.status()).toBe(429);
    const seconds = Number(refused.headers()["retry-after"]);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(await refused.json()).toEqual({
      detail: `Too many requests: try again in ${seconds} s`,
      code: "rate_limited",
    });
    expect((await ask(other)).status()).toBe(200);

    await testDatabase
      .updateTable("api_keys")
      .set({ revoked_at: new Date() })
      .where("organization_id", "=", org.id)
      .execute();
    expect((await ask(org)).status(), "a revoked key is no longer throttled but refused").toBe(401);
  });
});
