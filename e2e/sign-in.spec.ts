import { randomInt } from "node:crypto";
import { sql } from "kysely";
import { changePassword, type TestUser, testDatabase, uniqueId } from "@/db/fixtures";
import { expect, makePerson, postSignIn, test } from "./fixtures";
import { addresses } from "./servers";

// Signing in, and its form.

test("the form signs in, and redirects to the requested page", async ({ page, org }) => {
  const user = await makePerson([org]);
  await page.goto(`/jobs?organizationId=${org.id}&status=failed`);
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/);
  await expect(page).toHaveTitle("Sign in – Batch Jobs");
  await page.getByLabel("Email address").fill(user.email.toUpperCase());
  await page.getByLabel("Password").fill(user.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/jobs?organizationId=${org.id}&status=failed`);
  await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();

  await page.goto("/sign-in");
  await expect(page, "who is signed in need not do it again").toHaveURL(/\/jobs/);
});

test("a wrong password and an unknown account get the same message, and the address stays filled in", async ({
  page,
  org,
}) => {
  const user = await makePerson([org]);
  for (const email of [user.email, `${uniqueId("nobody")}@example.com`]) {
    await page.goto("/sign-in?callbackUrl=/jobs");
    await page.getByLabel("Email address").fill(email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Incorrect" })).toHaveText(
      "Incorrect email address or password.",
    );
    await expect(page.getByLabel("Email address")).toHaveValue(email);
    await expect(page.getByLabel("Password")).toHaveValue("");
    await expect(page.getByLabel("Password")).toBeFocused();
    expect(page.url(), "nothing typed is in the address").not.toContain("example.com");
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("signing in, viewing jobs and signing out work", async ({ page, org }) => {
    const user = await makePerson([org]);
    await org.add({ name: "Spring Renewals" });
    await page.goto("/");
    await page.getByLabel("Email address").fill(user.email);
    await page.getByLabel("Password").fill(user.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("row", { name: /Spring Renewals/ })).toBeVisible();
    await page.getByRole("button", { name: /^Account menu/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL("/sign-in");
    await page.goto("/jobs");
    await expect(page).toHaveURL(/\/sign-in/);
  });
});

test.describe("at another address of the server", () => {
  const other = addresses.main.replace("localhost", "127.0.0.1");

  test("the form leads to a page with a link to the right address", async ({ page, org }) => {
    const user = await makePerson([org]);
    const callbackUrl = `/jobs?organizationId=${org.id}`;
    await page.goto(`${other}/sign-in?callbackUrl=${encodeURIComponent(callbackUrl)}`);
    const signInHere = async () => {
      await page.getByLabel("Email address").fill(user.email);
      await page.getByLabel("Password").fill(user.password);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await signInHere();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Wrong address");
    await page.getByRole("link", { name: `Go to ${addresses.main}` }).click();
    await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/);
    await signInHere();
    await expect(page).toHaveURL(`${addresses.main}${callbackUrl}`);
  });

  test("nobody is signed in, a forged request is refused, and the page links nowhere else", async ({
    request,
    org,
  }) => {
    const { email, password } = await makePerson([org]);
    const post = (headers: Record<string, string>) =>
      request.post(`${other}/api/auth/callback/credentials`, {
        form: { email, password },
        headers,
        maxRedirects: 0,
      });
    // A browser says Sec-Fetch-Site only where the address is https or loopback.
    const honest: Record<string, string>[] = [
      { Origin: other },
      { Origin: "http://192.0.2.1", "Sec-Fetch-Site": "same-origin" },
    ];
    for (const headers of honest) {
      const answer = await post(headers);
      expect(answer.status()).toBe(303);
      expect(answer.headers().location).toMatch(/^\/wrong-address\?path=%2Fsign-in/);
      expect(answer.headers()["set-cookie"]).toBeUndefined();
    }
    for (const site of ["cross-site", "same-site", "none"]) {
      const answer = await post({ Origin: other, "Sec-Fetch-Site": site });
      expect(answer.status(), site).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "foreign_origin" });
    }
    for (const path of [
      "//evil.example/",
      "https://evil.example/",
      "/\\evil.example",
      "javascript:alert(1)",
      "%00",
    ]) {
      const page = await (await request.get(`/wrong-address?path=${encodeURIComponent(path)}`)).text();
      expect(page, path).not.toMatch(/href="[^"]*(evil|javascript)/);
    }
  });
});

test.describe("the redirect after signing in stays on this site", () => {
  const elsewhere = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/%5cevil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    `${addresses.main}@evil.example/`,
    `${addresses.main}.evil.example/`,
    "https:evil.example",
    "/\tevil",
    "ht\ntps://evil.example",
    "%00",
    "\0",
    "/jobs%00",
    "/api/auth/signout",
    "/sign-in",
    "//",
    `/${"a".repeat(10_000)}`,
    "jobs",
  ];

  for (const callbackUrl of elsewhere) {
    test(JSON.stringify(callbackUrl.slice(0, 40)), async ({ playwright, org }) => {
      const user = await makePerson([org]);
      const request = await playwright.request.newContext({ baseURL: addresses.main });
      const { csrfToken } = await (await request.get("/api/auth/csrf")).json();
      const { email, password } = user;
      const answer = await request.post("/api/auth/callback/credentials", {
        form: { email, password, csrfToken, callbackUrl },
        maxRedirects: 0,
      });
      expect(answer.status()).toBe(303);
      expect(answer.headers().location).toBe("/jobs");

      // The sign-in page itself, for someone who is already signed in.
      const page = await request.get(`/sign-in?callbackUrl=${encodeURIComponent(callbackUrl)}`, {
        maxRedirects: 0,
      });
      expect(page.status()).toBe(307);
      expect(page.headers().location).toBe("/jobs");
      await request.dispose();
    });
  }

  test("and a page of this site is kept, given as a path or a URL", async ({ playwright, org }) => {
    const user = await makePerson([org]);
    const wanted = `/jobs?organizationId=${org.id}&page=2`;
    for (const callbackUrl of [wanted, addresses.main + wanted]) {
      const request = await playwright.request.newContext({ baseURL: addresses.main });
      const { csrfToken } = await (await request.get("/api/auth/csrf")).json();
      const { email, password } = user;
      const form = { email, password, csrfToken, callbackUrl };
      const answer = await request.post("/api/auth/callback/credentials", { form, maxRedirects: 0 });
      expect(answer.headers().location).toBe(wanted);
      await request.dispose();
    }
  });
});

test("an unknown address and a wrong password are answered with the same bytes", async ({ request }) => {
  const user = await makePerson();
  const ask = async (email: string) => {
    const answer = await postSignIn(request, { email, password: "not the password" });
    const { date: _date, "x-request-id": _id, ...headers } = answer.headers();
    return { status: answer.status(), headers, body: await answer.text() };
  };
  const wrong = await ask(user.email);
  expect(wrong).toMatchObject({ status: 401, body: expect.stringContaining("wrong_credentials") });
  for (const email of [
    `${uniqueId("nobody")}@example.com`,
    "no address",
    "",
    "＠",
    `${"a".repeat(10_000)}@x.de`,
  ]) {
    expect(await ask(email)).toEqual(wrong);
  }
});

test.describe("passwords", () => {
  const right = [
    ["72 bytes and one", `${"a".repeat(72)}b`],
    ["64 characters", "x".repeat(64)],
    ["200 characters", "y".repeat(200)],
    ["spaces around", "  twelve characters  "],
    ["composed otherwise", "Caf\u00e9 au lait, s'il vous pla\u00eet"],
    ["emoji", "👩‍👩‍👧‍👦 family of four"],
  ] as const;

  for (const [name, password] of right) {
    test(`${name}: only exactly the same one is accepted`, async ({ request }) => {
      const user = await makePerson();
      await changePassword(user.id, password.normalize("NFKC"));
      const status = async (typed: string) =>
        (await postSignIn(request, { email: user.email, password: typed })).status();
      expect(await status(password)).toBe(200);
      expect(await status(password.normalize("NFD"))).toBe(200);
      expect(await status(`${password.slice(0, -1)}`)).toBe(401);
      expect(await status(`${password.slice(0, -1)}c`)).toBe(401);
    });
  }

  test("one that is too long is refused, and never a 5xx", async ({ request }) => {
    const user = await makePerson();
    for (const [password, status] of [
      ["z".repeat(201), 401],
      ["a\0b", 401],
      ["z".repeat(1_000_000), 413],
    ] as const) {
      expect((await postSignIn(request, { ...user, password })).status()).toBe(status);
    }
  });
});

test.describe("guesses are limited, for all instances together", () => {
  const anAddress = () => `203.0.${randomInt(256)}.${randomInt(256)}`;

  test("after ten wrong ones for an account from one address 429; elsewhere the right one still works", async ({
    playwright,
  }) => {
    const user = await makePerson();
    // The server behind a proxy: the client's address is the last that the proxy has added.
    const from = (address: string) =>
      playwright.request.newContext({
        baseURL: addresses.odd,
        extraHTTPHeaders: { "X-Forwarded-For": `198.51.100.7, ${address}` },
      });
    const guesser = await from(anAddress());
    for (let guess = 0; guess < 10; guess++) {
      const answer = await postSignIn(guesser, { ...user, password: `guess number ${guess}` });
      expect(answer.status()).toBe(401);
    }
    const refused = await postSignIn(guesser, user);
    expect(refused.status(), "even the right one").toBe(429);
    expect(Number(refused.headers()["retry-after"])).toBeGreaterThan(600);
    expect(await refused.json()).toEqual({
      detail: "Too many attempts. Try again in 15 minutes.",
      code: "too_many_attempts",
    });
    const elsewhere = await from(anAddress());
    expect((await postSignIn(elsewhere, user)).status()).toBe(200);
    await Promise.all([guesser.dispose(), elsewhere.dispose()]);
  });

  test("an IPv6 client is its network, and a port in X-Forwarded-For is ignored", async ({ playwright }) => {
    const net = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}`;
    const ipv4 = anAddress();
    const [a = 0, b = 0, c = 0, d = 0] = ipv4.split(".").map(Number);
    const inHex = [a * 256 + b, c * 256 + d].map((group) => group.toString(16)).join(":");
    for (const spellings of [
      [`${net}::1`, `${net}:0:0:0:2`, `[${net}::3]:4711`, `${net.toUpperCase()}:ffff:1:2:3`],
      [
        ipv4,
        `${ipv4}:1024`,
        `::ffff:${ipv4}`,
        `::ffff:${inHex}`,
        `0:0:0:0:0:ffff:${ipv4}`,
        `[::FFFF:${ipv4}]:9`,
      ],
    ]) {
      const user = await makePerson();
      const statuses: number[] = [];
      for (let guess = 0; guess <= 10; guess++) {
        const request = await playwright.request.newContext({
          baseURL: addresses.odd,
          extraHTTPHeaders: { "X-Forwarded-For": spellings[guess % spellings.length] ?? "" },
        });
        statuses.push((await postSignIn(request, { ...user, password: "not the password" })).status());
        await request.dispose();
      }
      expect(statuses).toEqual([...Array(10).fill(401), 429]);
    }
  });

  test("X-Forwarded-For is ignored without a trusted proxy", async ({ playwright }) => {
    const user = await makePerson();
    for (let guess = 0; guess <= 10; guess++) {
      const request = await playwright.request.newContext({
        baseURL: addresses.main,
        extraHTTPHeaders: { "X-Forwarded-For": anAddress(), "X-Client-Address": anAddress() },
      });
      const answer = await postSignIn(request, { ...user, password: "not the password" });
      expect(answer.status()).toBe(guess < 10 ? 401 : 429);
      await request.dispose();
    }
  });

  test("a hundred accounts from one address, and a hundred addresses for one account; not in browsers that signed in to it before", async ({
    playwright,
  }) => {
    test.setTimeout(180_000);
    const spray = anAddress();
    const victim = await makePerson();
    /** Tries to sign in, in a browser with this device cookie. */
    const ask = async (address: string, email: string, password = "not the password", device = "") => {
      const cookie = { name: "batch-jobs.device", value: device, domain: "localhost", path: "/" };
      const flags = { expires: -1, httpOnly: true, secure: false, sameSite: "Lax" as const };
      const request = await playwright.request.newContext({
        baseURL: addresses.odd,
        extraHTTPHeaders: { "X-Forwarded-For": address },
        storageState: { cookies: device ? [{ ...cookie, ...flags }] : [], origins: [] },
      });
      const answer = await postSignIn(request, { email, password });
      const { cookies } = await request.storageState();
      await request.dispose();
      const given = cookies.find(({ name }) => name === cookie.name);
      if (answer.status() === 200)
        expect(given).toMatchObject({ ...cookie, value: given?.value, httpOnly: true });
      return { status: answer.status(), device: given?.value ?? "" };
    };
    // Cheap hashes, so that two hundred guesses at existing accounts take seconds.
    // One after the other: their hashes block this process, and connecting to the database may take 2 s at most.
    const accounts: TestUser[] = [];
    while (accounts.length < 101) accounts.push(await makePerson());
    const bySpray: number[] = [];
    const [other] = accounts as [TestUser];
    const { email, password } = victim;
    const own = anAddress();
    const first = await ask(own, email, password);
    const foreign = await ask(own, other.email, other.password);
    const shared = await ask(own, other.email, other.password, first.device);
    const another = await ask(own, email, password);

    for (const { email } of accounts) bySpray.push((await ask(spray, email)).status);
    expect(bySpray).toEqual([...Array(100).fill(401), 429]);
    const byMany: number[] = [];
    for (let at = 0; at <= 100; at++) byMany.push((await ask(`192.0.2.${at}`, email)).status);
    expect(byMany).toEqual([...Array(100).fill(401), 429]);

    expect(
      (await ask(spray, email, password, first.device)).status,
      "from an address with no tries left",
    ).toBe(200);
    const renewed = await ask(own, email, password, shared.device);
    expect(renewed.status, "where another account signed in since").toBe(200);
    expect((await ask(own, other.email, "not it", renewed.device)).status).toBe(401);
    for (const [name, device] of [
      ["another account's", foreign.device],
      ["a changed one", `${first.device.slice(0, -1)}${first.device.endsWith("A") ? "B" : "A"}`],
      ["one with other signatures", "A".repeat(65)],
      ["no cookie at all", "x.%00..="],
    ] as const) {
      expect((await ask(own, email, password, device)).status, name).toBe(429);
    }
    // Each browser has its own attempts; after them it counts as unknown.
    const guesses: number[] = [];
    for (let guess = 0; guess < 10; guess++) {
      guesses.push((await ask(own, email, "not it", first.device)).status);
    }
    expect(guesses).toEqual(Array(10).fill(401));
    expect((await ask(own, email, password, first.device)).status, "used up").toBe(429);
    expect((await ask(own, email, password, another.device)).status).toBe(200);
    await changePassword(victim.id, "quite another password");
    const ended = await ask(own, email, "quite another password", another.device);
    expect(ended.status, "from before the password was changed").toBe(429);
  });

  const isRefusedUnread: [
    name: string,
    headers: Record<string, string>,
    form: Record<string, string>,
    status: number,
  ][] = [
    ["no CSRF token", {}, {}, 403],
    ["a wrong CSRF token", {}, { csrfToken: "x" }, 403],
    ["another site", { Origin: "https://evil.example" }, {}, 403],
    ["another site's frame", { Origin: addresses.odd, "Sec-Fetch-Site": "cross-site" }, {}, 403],
    ["a password longer than any", { Origin: addresses.odd }, { password: "x".repeat(201) }, 401],
    ["no form", { Origin: addresses.odd, "Content-Type": "text/plain" }, {}, 415],
  ];
  for (const [name, headers, form, status] of isRefusedUnread) {
    test(`what is refused before the password is checked does not count: ${name}`, async ({ playwright }) => {
      const user = await makePerson();
      const request = await playwright.request.newContext({
        baseURL: addresses.odd,
        extraHTTPHeaders: { "X-Forwarded-For": anAddress() },
      });
      const given = { email: user.email, password: "not the password", json: "true", ...form };
      for (let time = 0; time < 11; time++) {
        const answer = await request.post("/api/auth/callback/credentials", { headers, form: given });
        expect(answer.status()).toBe(status);
      }
      expect((await postSignIn(request, user)).status()).toBe(200);
      await request.dispose();
    });
  }

  test("successful sign-ins are not limited", async ({ playwright }) => {
    const user = await makePerson();
    for (let time = 0; time < 25; time++) {
      const request = await playwright.request.newContext({ baseURL: addresses.main });
      expect((await postSignIn(request, user)).status()).toBe(200);
      await request.dispose();
    }
  });

  test("the page says for how long", async ({ page }) => {
    const user = await makePerson();
    for (let guess = 0; guess < 10; guess++) {
      await postSignIn(page.request, { ...user, password: "not the password" });
    }
    await page.goto("/sign-in");
    await page.getByLabel("Email address").fill(user.email);
    await page.getByLabel("Password").fill(user.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Too many" })).toHaveText(
      "Too many attempts. Try again in 15 minutes.",
    );
  });

  test("the table of attempts holds no address and no name", async ({ request }) => {
    const user = await makePerson();
    await postSignIn(request, { ...user, password: "not the password" });
    const { rows } = await sql`select * from sign_in_attempts`.execute(testDatabase);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toMatch(/example\.com|127\.0\.0\.1|203\.0/);
  });
});
