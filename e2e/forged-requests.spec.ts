import type { APIRequestContext } from "@playwright/test";
import { expect, makePerson, postSignIn, signIn, test } from "./fixtures";
import { rawGet, sendRaw } from "./raw-http";
import { addresses } from "./servers";

// Odd and forged requests to sign-in and to forms.

const formType = "application/x-www-form-urlencoded";

/** Whether this client's session, if it has one, is known to the server. */
async function isSignedIn(request: APIRequestContext): Promise<boolean> {
  return (await request.get("/live/jobs")).status() !== 401;
}

test.describe("next-auth's routes", () => {
  for (const [method, path, status] of [
    ["GET", "/api/auth/csrf", 200],
    ["GET", "/api/auth/providers", 200],
    ["GET", "/api/auth/session", 200],
    ["HEAD", "/api/auth/session", 200],
    ["OPTIONS", "/api/auth/session", 204],
    ["POST", "/api/auth/session", 405],
    ["GET", "/api/auth/callback/credentials", 405],
    ["GET", "/api/auth/signout", 405],
    ["DELETE", "/api/auth/signout", 405],
    ["POST", "/api/auth/_log", 404],
    ["GET", "/api/auth/signin", 404],
    ["GET", "/api/auth/error?error=x", 404],
    ["GET", "/api/auth/verify-request", 404],
    ["POST", "/api/auth/callback/github", 404],
    ["GET", "/api/auth/constructor", 404],
    ["GET", "/api/auth/__proto__", 404],
    ["GET", "/api/auth", 404],
    ["GET", "/api/auth/csrf/more", 404],
  ] as const) {
    test(`${method} ${path} is ${status}`, async ({ request }) => {
      const response = await request.fetch(path, { method });
      expect(response.status()).toBe(status);
      if (status === 405) expect(response.headers().allow).toMatch(/^(GET, HEAD|POST), OPTIONS$/);
    });
  }
});

test.describe("malformed bodies get a 4xx", () => {
  const bodies: [name: string, type: string | undefined, body: string | Buffer, status: number][] = [
    ["half of a JSON", "application/json", "{bad", 400],
    ["JSON that is no object", "application/json", "[1]", 400],
    ["JSON null", "application/json", "null", 400],
    ["JSON with objects inside", "application/json", '{"email":{"a":1},"password":["x"]}', 401],
    ["JSON of prototypes", "application/json", '{"__proto__":{"json":"true"},"constructor":1}', 401],
    ["plain text", "text/plain", "email=a&password=b", 415],
    ["no type", undefined, Buffer.from("email=a"), 415],
    ["a form of files", "multipart/form-data; boundary=x", "--x--", 415],
    ["a field twice", formType, "email=a@example.com&email=b@example.com&password=x", 400],
    ["bytes that are not UTF-8", formType, Buffer.from([0x65, 0x3d, 0xff, 0xfe]), 401],
    ["nothing", formType, "", 401],
    ["more than 16 KiB", formType, `email=${"a".repeat(20_000)}`, 413],
    ["more than 16 KiB of JSON", "application/json", `"${"a".repeat(3_000_000)}"`, 413],
    ["10,000 deep", "application/json", "[".repeat(10_000), 400],
  ];

  for (const [name, type, body, status] of bodies) {
    for (const path of ["/api/auth/callback/credentials", "/api/auth/signout", "/setup/create"]) {
      test(`${name} to ${path}`, async ({ request }) => {
        const headers = { Origin: addresses.main, ...(type ? { "Content-Type": type } : {}) };
        const response = await request.post(path, { headers, data: body, maxRedirects: 0 });
        const given = response.status();
        // What a form could have sent leads back to the form, or on.
        const isAnswered = given === 303 || (given >= 400 && given < 500);
        expect(isAnswered, `${given} ${await response.text()}`).toBe(true);
        if (given !== 303) expect(given === status || given === 400).toBe(true);
      });
    }
  }
});

test.describe("other sites can't use a person's cookies", () => {
  const foreign: Record<string, string>[] = [
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { Origin: "https://evil.example", "X-Forwarded-Host": "evil.example" },
    { Origin: "https://evil.example", Host: "evil.example" },
    { Origin: addresses.main, "Sec-Fetch-Site": "cross-site" },
    { Origin: addresses.main, "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "cross-site" },
    { Origin: addresses.odd },
  ];

  for (const headers of foreign) {
    test(JSON.stringify(headers), async ({ context, org }) => {
      const user = await makePerson([org]);
      await signIn(context, user);
      const { request } = context;
      const { csrfToken } = await (await request.get("/api/auth/csrf")).json();
      for (const [path, form] of [
        ["/api/auth/signout", { csrfToken }],
        ["/api/auth/signout", {}],
        ["/api/auth/callback/credentials", { email: user.email, password: user.password, csrfToken }],
        ["/settings/display/save", { timeZone: "Asia/Tokyo" }],
        ["/setup/create", { setupCode: "x" }],
      ] as const) {
        const response = await request.post(path, { headers, form, maxRedirects: 0 });
        expect(response.status(), path).toBe(403);
        expect(await response.json()).toMatchObject({ code: "foreign_origin" });
      }
      expect(await isSignedIn(request)).toBe(true);
      const page = await (await request.get("/settings/display")).text();
      expect(page).not.toContain('selected="">Asia/Tokyo');
    });
  }

  test("a request without browser headers needs a CSRF token of its own", async ({ playwright, org }) => {
    const user = await makePerson([org]);
    const [mine, other] = await Promise.all([
      playwright.request.newContext({ baseURL: addresses.main }),
      playwright.request.newContext({ baseURL: addresses.main }),
    ]);
    const { csrfToken } = await (await other.get("/api/auth/csrf")).json();
    const { email, password } = user;
    const forms: Record<string, string>[] = [
      { email, password },
      { email, password, csrfToken },
      { email, password, csrfToken: "x" },
    ];
    for (const form of forms) {
      const answer = await mine.post("/api/auth/callback/credentials", { form, maxRedirects: 0 });
      expect(answer.status()).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "missing_csrf_token" });
    }
    await postSignIn(mine, user);
    const signOut = await mine.post("/api/auth/signout", { form: { csrfToken }, maxRedirects: 0 });
    expect(signOut.status()).toBe(403);
    expect(await isSignedIn(mine)).toBe(true);
    await Promise.all([mine.dispose(), other.dispose()]);
  });

  test("without a session nothing can be changed", async ({ request }) => {
    const headers = { Origin: addresses.main };
    const form = { timeZone: "Asia/Tokyo" };
    const response = await request.post("/settings/display/save", { headers, form, maxRedirects: 0 });
    expect(response.status()).toBe(303);
    expect(response.headers().location).toBe("/sign-in");
  });
});

test.describe("pages accept neither forms nor server actions", () => {
  for (const [name, headers, body] of [
    ["an unknown action", { "Next-Action": "a".repeat(42) }, "[]"],
    ["half of its arguments", { "Next-Action": "a".repeat(42) }, "[bad"],
    ["an action as a form", { "Content-Type": "multipart/form-data; boundary=x" }, "--x\r\n"],
    ["a form", { "Content-Type": formType }, "$ACTION_ID_x="],
    ["3 MB", { "Content-Type": "text/plain" }, "x".repeat(3_000_000)],
  ] as const) {
    for (const path of ["/jobs", "/sign-in", "/nothing"]) {
      test(`${name} to ${path}`, async ({ request, org: _org }) => {
        const response = await request.post(path, { headers, data: body, maxRedirects: 0 });
        expect(response.status()).toBeLessThan(500);
      });
    }
  }
});

test("an API key gives no access to pages and forms", async ({ request, org }) => {
  const headers = { Authorization: `Bearer ${org.key}`, "x-api-key": org.key };
  const page = await request.get(`/jobs?organizationId=${org.id}`, { headers, maxRedirects: 0 });
  expect(page.status()).toBe(307);
  expect(page.headers().location).toMatch(/^\/sign-in/);
  const live = await request.get(`/live/jobs?organizationId=${org.id}`, { headers });
  expect(live.status()).toBe(401);
  const session = await request.get("/api/auth/session", { headers });
  expect(await session.json()).toEqual({});
});

test("a session cookie gives no access to the API", async ({ context, org, member: _member }) => {
  const answer = await context.request.get(`/batch/jobs?organizationId=${org.id}`);
  expect(answer.status()).toBe(401);
});

test("headers that claim another host or an internal request are ignored", async ({ org: _org }) => {
  for (const header of [
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Proto: https",
    "Forwarded: host=evil.example",
    "x-middleware-subrequest: middleware:middleware:middleware:middleware:middleware",
    "x-nextjs-data: 1",
    "x-matched-path: /health/live",
    "x-invoke-path: /health/live",
    "x-now-route-matches: 1",
    "next-resume: 1",
    "RSC: 1",
    "Next-Router-Prefetch: 1",
    "Content-Security-Policy: script-src 'nonce-spoofed'",
  ]) {
    const { status, text } = await sendRaw(addresses.main, rawGet("/jobs", header));
    expect([307, 200], `${header} ${status}`).toContain(status);
    expect(text, header).not.toMatch(/evil\.example|nonce-spoofed|batchJobs/);
    if (status === 200) expect(text, header).toContain("/sign-in");
    else expect(text, header).toMatch(/location: \/(sign-in|jobs\?_rsc)/i);
  }
  const broken = await sendRaw(addresses.main, rawGet("/jobs", "Next-Router-State-Tree: %%%"));
  expect(broken.status).toBe(400);
  // Requests of Next's router are protected in the same way.
  const inner = await sendRaw(addresses.main, rawGet("/jobs?_rsc=x", "RSC: 1"));
  expect(inner.text).toMatch(/\/sign-in|307/);
  expect(inner.text).not.toContain("batchJobs");
  for (const target of ["/api/auth/csrf", "/api/auth/providers", "/sign-in"]) {
    const { text } = await sendRaw(addresses.main, rawGet(target, "X-Forwarded-Host: evil.example"));
    expect(text).not.toContain("evil.example");
  }
});
