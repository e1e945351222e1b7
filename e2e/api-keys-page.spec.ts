import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { insertApiKey, insertOrganization, testDatabase } from "@/db/fixtures";
import { makeApiKey } from "./api-key";
import { expect, makePerson, type Organization, signIn, test } from "./fixtures";
import { Caller } from "./people";
import { freePort, test as processTest } from "./process";
import { addresses, secret } from "./servers";

// How owners manage API keys.

const days = (count: number) => new Date(Date.now() + count * 86_400_000);
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

async function asOwner(page: Page, org: Organization, path = "/settings/api-keys"): Promise<void> {
  await signIn(page.context(), await makePerson([org], { role: "owner", name: "Olga Owner" }));
  await page.goto(`${path}?organizationId=${org.id}`);
}

async function makeKey(page: Page, name: string): Promise<string> {
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create API key" }).click();
  await expect(page.getByRole("heading", { name: "Copy your new API key" })).toBeVisible();
  return (await page.locator("#new-api-key").textContent()) ?? "";
}

const statusWith = async (org: Organization, key: string) =>
  (await org.get("", { Authorization: `Bearer ${key}` })).status();

test.describe("a new key", () => {
  test("is shown once, in one response, and the curl command works", async ({ page, org }) => {
    await asOwner(page, org);
    const answers: { url: string; type: string; body: string; headers: string }[] = [];
    page.on("response", async (response) => {
      const headers = JSON.stringify(await response.headersArray());
      const body = await response.text().catch(() => "");
      answers.push({ url: response.url(), type: response.headers()["content-type"] ?? "", body, headers });
    });
    const key = await makeKey(page, "Reporting");
    expect(key).toMatch(/^tk_live_[0-9A-Za-z]{49}$/);
    await page.waitForLoadState("networkidle");
    const withKey = answers.filter(({ url, body, headers }) => (url + body + headers).includes(key));
    expect(withKey.map(({ url }) => new URL(url).pathname)).toEqual(["/settings/api-keys"]);
    const [shown] = withKey;
    expect(shown?.headers).toContain("no-store");
    expect(shown?.url).not.toContain(key);
    // Not in Next's data for scripts either: once to copy, once in the command.
    expect(shown?.body.split(key)).toHaveLength(3);
    const scripts = shown?.body.match(/<script[\s\S]*?<\/script>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(3);
    expect(scripts.filter((script) => script.includes(key))).toEqual([]);

    const command = (await page.locator("#new-api-key-read").textContent()) ?? "";
    const { stdout } = await promisify(execFile)("sh", ["-c", `${command} -s`]);
    expect(JSON.parse(stdout)).toEqual({ batchJobs: [], total: 0, page: 1, pageSize: 20 });

    await page.reload();
    expect(await page.content()).not.toContain(key);
    await page.goto("/jobs");
    for (let time = 0; time < 2; time++) {
      await page.goBack();
      await expect(page.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
      await page.waitForLoadState("networkidle");
      expect(await page.content()).not.toContain(key);
    }
    expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("batch-jobs.once");
    await page.goto(`/settings/api-keys?organizationId=${org.id}`);
    await expect(page.getByText(`${key.slice(0, 12)}…${key.slice(-4)}`)).toBeVisible();
  });

  test("is created once by a double click", async ({ page, org }) => {
    await asOwner(page, org);
    await page.getByLabel("Name").fill("Doubled");
    await page.getByRole("button", { name: "Create API key" }).dblclick();
    await expect(page.getByRole("heading", { name: "Copy your new API key" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Doubled" })).toHaveCount(1);
  });

  test("can be copied, with a confirmation", async ({ page, context, org }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await asOwner(page, org);
    const key = await makeKey(page, "Reporting");
    await page.getByRole("button", { name: "Copy the API key" }).click();
    await expect(page.getByRole("button", { name: "Copied the API key" })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  });

  test("is not shown to anyone else, on another page or a second time by its encrypted cookie", async ({
    org,
  }) => {
    const [owner, other] = [
      await makePerson([org], { role: "owner" }),
      await makePerson([org], { role: "owner" }),
    ];
    const [caller, thief] = [await Caller.as(owner), await Caller.as(other)];
    const made = await caller.post("/settings/api-keys/create", {
      organizationId: org.id,
      name: "Reporting",
      read: "true",
      expiry: "90",
    });
    expect(made.headers()["set-cookie"]).toMatch(
      /; Path=\/settings\/api-keys; Max-Age=60; SameSite=Lax; HttpOnly/,
    );
    const sealed = /batch-jobs\.once=([^;]+)/.exec(made.headers()["set-cookie"] ?? "")?.[1] ?? "";
    expect((await made.text()) + sealed).not.toMatch(/tk_live_/);
    const { cookies } = await thief.request.storageState();
    const session = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    const heading = "Copy your new API key";
    const open = async (given: Caller, path: string, cookie: string) =>
      (await given.request.get(`${path}?organizationId=${org.id}`, { headers: { Cookie: cookie } })).text();
    expect(await open(thief, "/settings/api-keys", `${session}; batch-jobs.once=${sealed}`)).not.toContain(
      heading,
    );
    const own = (await caller.request.storageState()).cookies
      .filter(({ name }) => name !== "batch-jobs.once")
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
    expect(await open(caller, "/settings/members", `${own}; batch-jobs.once=${sealed}`)).not.toContain(
      "Share this link",
    );
    for (const odd of ["x", "", "a.b.c.d.e", "%00"]) {
      expect(await open(caller, "/settings/api-keys", `${own}; batch-jobs.once=${odd}`)).not.toContain(
        heading,
      );
    }
    const cookie = `${own}; batch-jobs.once=${sealed}`;
    for (const [method, headers] of [
      ["GET", { RSC: "1", "Next-Router-Prefetch": "1" }],
      ["GET", { "Sec-Purpose": "prefetch;prerender" }],
      ["GET", { Purpose: "prefetch" }],
      ["HEAD", {}],
    ] as [string, Record<string, string>][]) {
      const path = `/settings/api-keys?organizationId=${org.id}`;
      const answer = await caller.request.fetch(path, { method, headers: { Cookie: cookie, ...headers } });
      expect(await answer.text(), "what nobody sees does not use it up").not.toContain(heading);
    }
    // Of two concurrent requests with it to two instances, one shows the key, and no later one does.
    const on = (address: string) => open(caller, `${address}/settings/api-keys`, cookie);
    const both = await Promise.all([on(addresses.main), on(addresses.odd)]);
    expect(both.map((page) => page.includes(heading)).sort()).toEqual([false, true]);
    expect(await on(addresses.main)).not.toContain(heading);
  });

  test("leaves nothing in the database if its page is never opened", async ({ org }) => {
    const token_hash = randomBytes(32);
    const over = { token_hash, expires_at: new Date(Date.now() - 1_000) };
    await testDatabase.insertInto("flash_secrets").values(over).execute();
    const caller = await Caller.as(await makePerson([org], { role: "owner" }));
    const form = { organizationId: org.id, name: "Next", read: "true", expiry: "90" };
    await caller.post("/settings/api-keys/create", form);
    const left = testDatabase.selectFrom("flash_secrets").where("token_hash", "=", token_hash);
    expect(await left.select("expires_at").execute()).toEqual([]);
  });

  for (const [expiry, expected] of [
    ["30", days(30)],
    ["90", days(90)],
    ["365", days(365)],
    ["never", null],
  ] as const) {
    test(`expires as chosen: ${expiry}`, async ({ org }) => {
      const caller = await Caller.as(await makePerson([org], { role: "owner" }));
      const form = { organizationId: org.id, name: "Chosen", read: "true", expiry };
      await caller.post("/settings/api-keys/create", form);
      const { expires_at } = await testDatabase
        .selectFrom("api_keys")
        .where("organization_id", "=", org.id)
        .where("name", "=", "Chosen")
        .select("expires_at")
        .executeTakeFirstOrThrow();
      if (expected === null) expect(expires_at).toBeNull();
      else expect(Math.abs((expires_at?.getTime() ?? 0) - expected.getTime())).toBeLessThan(60_000);
    });
  }

  test("expires at the end of the chosen day in UTC; “Never” comes with a warning", async ({ page, org }) => {
    await asOwner(page, org);
    await expect(page.getByLabel("Expiration date")).toBeHidden();
    await page.getByLabel("Expires").selectOption("never");
    await expect(page.getByText(/A leaked key that never expires works until someone notices/)).toBeVisible();
    await page.getByLabel("Expires").selectOption("date");
    const day = days(200).toISOString().slice(0, 10);
    await page.getByLabel("Expiration date").fill(day);
    await makeKey(page, "Dated");
    await page.getByRole("link", { name: "Dated" }).click();
    const words = new Date(`${day}T23:59:59Z`).toLocaleString("en-GB", {
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone: "UTC",
    });
    await expect(page.getByText(`${words}, 23:59:59 UTC`)).toBeVisible();
  });

  for (const [wrong, code] of [
    [{ name: "" }, "invalid_name"],
    [{ name: "x".repeat(51) }, "invalid_name"],
    [{ name: "\0" }, "invalid_name"],
    [{ read: "" }, "invalid_scopes"],
    [{ dial: "yes" }, "invalid_dial"],
    [{ expiry: "" }, "invalid_expiry"],
    [{ expiry: "31" }, "invalid_expiry"],
    [{ expiry: "date" }, "invalid_expiry_date"],
    [{ expiry: "date", expiryDate: "2020-01-01" }, "invalid_expiry_date"],
    [{ expiry: "date", expiryDate: "2099-01-01" }, "invalid_expiry_date"],
    [{ expiry: "date", expiryDate: "2027-02-30" }, "invalid_expiry_date"],
    [{ expiry: "date", expiryDate: "tomorrow" }, "invalid_expiry_date"],
  ] as [Record<string, string>, string][]) {
    test(`${JSON.stringify(wrong).slice(0, 60)} is ${code}`, async ({ org }) => {
      const caller = await Caller.as(await makePerson([org], { role: "owner" }));
      const form = { organizationId: org.id, name: "Right", read: "true", expiry: "90", ...wrong };
      expect(await caller.tell("/settings/api-keys/create", form)).toBe(`400 ${code}`);
    });
  }

  test("after an invalid field, the form shows the input again and says what to do", async ({
    page,
    org,
  }) => {
    await asOwner(page, org);
    await page.getByLabel("Name").fill("Typed name");
    await page.getByLabel("Expires").selectOption("date");
    await page.getByRole("button", { name: "Create API key" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "expiration date" })).toHaveText(
      "The expiration date must be within the next ten years.",
    );
    await expect(page.getByLabel("Name")).toHaveValue("Typed name");
    await expect(page.getByLabel("Expiration date")).toBeVisible();
  });
});

test.describe("the list", () => {
  test("shows each key's state, creator, last use and expiry; expired and revoked keys are collapsed", async ({
    page,
    org,
  }) => {
    const ana = await makePerson([org], { name: "Ana Admin" });
    const gone = await makePerson([], { name: "Gone Person" });
    const successor = await insertApiKey(org.id, makeApiKey(), { name: "Successor" });
    for (const [name, given] of [
      ["Fresh", { expires_at: days(90), created_by_user_id: ana.id, last_used_at: minutes(-3) }],
      ["In a month", { created_at: days(-60), expires_at: days(25), created_by_user_id: gone.id }],
      ["In two weeks", { created_at: days(-60), expires_at: days(13) }],
      ["In a week", { created_at: days(-60), expires_at: days(5) }],
      ["Short-lived", { expires_at: days(30) }],
      ["For ever", { expires_at: null }],
      ["Replaced", { expires_at: minutes(90), successor_id: successor }],
      ["Over", { created_at: days(-9), expires_at: days(-2) }],
      ["Revoked one", { revoked_at: days(-1) }],
    ] as const) {
      await insertApiKey(org.id, makeApiKey(), { name, ...given });
    }
    await asOwner(page, org);
    const row = (name: string) => page.getByRole("listitem").filter({ hasText: name });
    await expect(row("Fresh")).toContainText(
      /tk_live_\w{4}….{4}readExpires in 3 moLast used 3 min agoCreated (now|\d+ s ago) by Ana Admin/,
    );
    await expect(row("Fresh")).toContainText("Active");
    await expect(row("In a month")).toContainText("Expiring");
    await expect(row("Short-lived"), "its maker has just chosen its end").toContainText("Active");
    await expect(row("In a month")).toContainText("by Gone Person (no longer a member)");
    await expect(row("For ever")).toContainText("Never expires");
    await expect(row("For ever")).toContainText("on the command line");
    await expect(row("Replaced")).toContainText("Rotating");
    await expect(row("Replaced")).toContainText("Expires in 1 h 30 min");
    const classesOf = (name: string) =>
      row(name)
        .getByText(/^Expires in/)
        .getAttribute("class");
    expect(await classesOf("In a month")).not.toMatch(/text-(warn|danger)/);
    expect(await classesOf("In two weeks")).toContain("text-warn");
    expect(await classesOf("In a week")).toContain("text-danger");
    await expect(row("Over")).toBeHidden();
    await page.getByText("2 expired or revoked keys").click();
    await expect(row("Over")).toContainText("Expired 2 d ago");
    await expect(row("Revoked one")).toContainText("Revoked 1 d ago");
    await row("Revoked one").getByRole("link").click();
    await expect(page.getByRole("button")).not.toContainText(["Rotate", "Revoke API key"]);
  });

  test("can be read by admins and members, without actions", async ({ page, org }) => {
    await insertApiKey(org.id, makeApiKey(), { name: "Theirs" });
    for (const role of ["admin", "member"] as const) {
      await signIn(page.context(), await makePerson([org], { role }));
      await page.goto(`/settings/api-keys?organizationId=${org.id}`);
      await expect(page.getByText("Only owners can create, rotate and revoke keys.")).toBeVisible();
      await expect(page.getByRole("button", { name: "Create API key" })).toHaveCount(0);
      await page.getByRole("link", { name: "Theirs" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Theirs" })).toBeVisible();
      await expect(page.locator("main form")).toHaveCount(0);
    }
  });
});

test.describe("on the jobs page", () => {
  test("an owner sees which key expires soon, with a link to it; others don't", async ({ page, org }) => {
    await insertApiKey(org.id, makeApiKey(), { name: "Far", expires_at: days(40) });
    await asOwner(page, org, "/jobs");
    await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
    await expect(page.getByText(/expires in/)).toHaveCount(0);
    const aging = { created_at: days(-70), expires_at: days(20) };
    await insertApiKey(org.id, makeApiKey(), { name: "Near", ...aging });
    await insertApiKey(org.id, makeApiKey(), { name: "Gone", ...aging, revoked_at: minutes(-1) });
    await page.reload();
    await expect(page.getByText(/^The API key “Near” \(….{4}\) expires in 20 d\. Rotate key$/)).toBeVisible();
    await expect(page.getByText(/“(Far|Gone)”/)).toHaveCount(0);
    await page.getByRole("link", { name: "Rotate key" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Near" })).toBeVisible();
    await signIn(page.context(), await makePerson([org], { role: "admin" }));
    await page.goto(`/jobs?organizationId=${org.id}`);
    await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
    await expect(page.getByText(/expires in/)).toHaveCount(0);
  });
});

test.describe("renaming and revoking", () => {
  test("a renamed key keeps working", async ({ page, org }) => {
    await insertApiKey(org.id, makeApiKey(), { name: "Old name" });
    await asOwner(page, org);
    await page.getByRole("link", { name: "Old name" }).click();
    await page.getByLabel("Name", { exact: true }).fill("New name");
    await page.getByRole("button", { name: "Rename" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "New name" })).toBeVisible();
    await expect(page.getByText("API key renamed.")).toBeVisible();
  });

  test("revoking is confirmed by the key's name and takes effect on the next request", async ({
    page,
    org,
  }) => {
    await testDatabase
      .updateTable("api_keys")
      .set({ name: "Leaked" })
      .where("organization_id", "=", org.id)
      .execute();
    await asOwner(page, org);
    await page.getByRole("link", { name: "Leaked" }).click();
    const confirm = page.getByLabel("Type “Leaked” to confirm");
    await confirm.fill("leaked");
    await page.getByRole("button", { name: "Revoke API key" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "name doesn’t match" })).toBeVisible();
    expect(await statusWith(org, org.key)).toBe(200);
    await confirm.fill("Leaked");
    await page.getByRole("button", { name: "Revoke API key" }).click();
    await expect(page.getByText("API key revoked.")).toBeVisible();
    expect(await statusWith(org, org.key)).toBe(401);
    await page.getByText("1 expired or revoked key").click();
    await expect(page.getByText(/^Revoked (now|\d+ s ago)$/)).toBeVisible();
  });

  test("an expired or revoked key can be neither rotated nor revoked", async ({ org }) => {
    const caller = await Caller.as(await makePerson([org], { role: "owner" }));
    for (const given of [{ revoked_at: minutes(-1) }, { created_at: days(-2), expires_at: days(-1) }]) {
      const apiKeyId = await insertApiKey(org.id, makeApiKey(), { name: "Test", ...given });
      const about = { organizationId: org.id, apiKeyId };
      expect(await caller.tell("/settings/api-keys/rotate", { ...about, overlap: "24", expiry: "90" })).toBe(
        "409 api_key_ended",
      );
      expect(await caller.tell("/settings/api-keys/revoke", { ...about, confirmedName: "Test" })).toBe(
        "409 api_key_ended",
      );
    }
    const apiKeyId = await insertApiKey(org.id, makeApiKey());
    expect(await caller.tell("/settings/api-keys/end", { organizationId: org.id, apiKeyId })).toBe(
      "409 api_key_not_rotating",
    );
  });
});

test.describe("rotating", () => {
  for (const [overlap, endsMs] of [
    ["1", 3_600_000],
    ["24", 24 * 3_600_000],
    ["168", 7 * 24 * 3_600_000],
  ] as const) {
    test(`the old key works for another ${overlap} h, but not past its own expiry`, async ({ org }) => {
      const caller = await Caller.as(await makePerson([org], { role: "owner" }));
      const endOf = (id: string) =>
        testDatabase
          .selectFrom("api_keys")
          .where("id", "=", id)
          .select("expires_at")
          .executeTakeFirstOrThrow();
      const [long, short] = [
        await insertApiKey(org.id, makeApiKey(), { expires_at: null }),
        await insertApiKey(org.id, makeApiKey(), { expires_at: minutes(30) }),
      ];
      for (const apiKeyId of [long, short]) {
        const form = { organizationId: org.id, apiKeyId, overlap, expiry: "365" };
        expect(await caller.tell("/settings/api-keys/rotate", form)).toBe("200");
        expect(await caller.tell("/settings/api-keys/rotate", form), "once").toBe("409 api_key_rotating");
      }
      const longEnd = (await endOf(long)).expires_at?.getTime() ?? 0;
      expect(Math.abs(longEnd - Date.now() - endsMs)).toBeLessThan(60_000);
      const shortEnd = (await endOf(short)).expires_at?.getTime() ?? 0;
      expect(Math.abs(shortEnd - minutes(30).getTime())).toBeLessThan(60_000);
    });
  }

  test("without overlap the old key stops working at once", async ({ org }) => {
    const caller = await Caller.as(await makePerson([org], { role: "owner" }));
    const key = makeApiKey();
    const apiKeyId = await insertApiKey(org.id, key);
    const form = { organizationId: org.id, apiKeyId, overlap: "0", expiry: "90" };
    expect(await caller.tell("/settings/api-keys/rotate", form)).toBe("200");
    expect(await statusWith(org, key)).toBe(401);
  });

  test("of two concurrent rotations one succeeds", async ({ org }) => {
    const callers = await Promise.all(
      [0, 1, 2, 3].map(async () => Caller.as(await makePerson([org], { role: "owner" }))),
    );
    for (let time = 0; time < 20; time++) {
      const apiKeyId = await insertApiKey(org.id, makeApiKey());
      const form = { organizationId: org.id, apiKeyId, overlap: "24", expiry: "90" };
      const told = await Promise.all(callers.map((caller) => caller.tell("/settings/api-keys/rotate", form)));
      expect(told.sort()).toEqual(["200", ...Array(3).fill("409 api_key_rotating")]);
    }
  });

  test("the page says whether the old key is still in use", async ({ page, org }) => {
    const apiKeyId = await insertApiKey(org.id, makeApiKey(), {
      name: "Nightly",
      last_used_at: minutes(-10),
    });
    await asOwner(page, org);
    await page.getByRole("link", { name: "Nightly" }).click();
    await page.getByRole("button", { name: "Rotate" }).click();
    await page.goto(`/settings/api-keys/${apiKeyId}?organizationId=${org.id}`);
    await expect(
      page.getByText("No program has used this key since its replacement was created."),
    ).toBeVisible();
    await testDatabase
      .updateTable("api_keys")
      .set({ last_used_at: new Date(Date.now() + 1_000) })
      .where("id", "=", apiKeyId)
      .execute();
    await page.reload();
    await expect(
      page.getByText(/A program used this key .* ago, after its replacement was created/),
    ).toBeVisible();
    await page.getByRole("link", { name: "← API keys" }).click();
    await expect(page.getByText("Still in use")).toBeVisible();
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a key is created, shown, rotated and revoked", async ({ page, org }) => {
    await asOwner(page, org);
    const key = await makeKey(page, "By hand");
    expect(await statusWith(org, key)).toBe(200);
    await expect(page.getByRole("button", { name: "Copy the API key" })).toBeHidden();
    await page.getByRole("link", { name: "By hand" }).click();
    await page.getByLabel("Keep the old key for").selectOption("1 hour");
    await page.getByRole("button", { name: "Rotate" }).click();
    await expect(page.getByText(/^New API key created/)).toBeVisible();
    const successor = (await page.locator("#new-api-key").textContent()) ?? "";
    expect([await statusWith(org, key), await statusWith(org, successor)]).toEqual([200, 200]);
    await page.getByRole("listitem").filter({ hasText: "Rotating" }).getByRole("link").click();
    await page.getByText("Revoke now…").click();
    await page.getByRole("button", { name: "Revoke anyway" }).click();
    await expect(page.getByText("The old key has been revoked.")).toBeVisible();
    expect([await statusWith(org, key), await statusWith(org, successor)]).toEqual([401, 200]);
    await page.getByRole("link", { name: "By hand" }).first().click();
    await page.getByLabel("Type “By hand” to confirm").fill("By hand");
    await page.getByRole("button", { name: "Revoke API key" }).click();
    await expect(page.getByText("API key revoked.")).toBeVisible();
    expect(await statusWith(org, successor)).toBe(401);
  });
});

processTest(
  "a second instance: no key in its log, and what one revokes the other refuses at once",
  async ({ workshop, request }) => {
    const organizationId = await insertOrganization();
    const owner = await makePerson([{ id: organizationId }], { role: "owner" });
    const port = await freePort();
    const address = `http://localhost:${port}`;
    const running = workshop.start({
      DATABASE_URL: process.env.DATABASE_URL,
      NEXTAUTH_URL: address,
      NEXTAUTH_SECRET: secret,
      PORT: `${port}`,
    });
    await running.shows("Stop with Ctrl-C", 60_000);
    const caller = await Caller.as(owner, { address });
    const made = await caller.request.post("/settings/api-keys/create", {
      form: { organizationId, name: "Elsewhere", read: "true", expiry: "90" },
      headers: { Origin: address },
    });
    const [key = ""] = /tk_live_\w+/.exec(await made.text()) ?? [];
    const get = () =>
      request.get(`/batch/jobs?organizationId=${organizationId}`, {
        headers: { Authorization: `Bearer ${key}` },
      });
    expect((await get()).status()).toBe(200);
    await caller.request.get(`/batch/jobs?organizationId=${organizationId}&status=x`, {
      headers: { "x-api-key": key },
    });
    const { id } = await testDatabase
      .selectFrom("api_keys")
      .where("organization_id", "=", organizationId)
      .select("id")
      .executeTakeFirstOrThrow();
    const told = await caller.tell("/settings/api-keys/revoke", {
      organizationId,
      apiKeyId: id,
      confirmedName: "Elsewhere",
    });
    expect(told).toBe("200");
    expect((await get()).status()).toBe(401);
    expect(key.length).toBe(57);
    expect(running.stdout + running.stderr).not.toContain(key.slice(12));
    await caller.request.dispose();
  },
);
