import { expect, test } from "@playwright/test";
import { rawGet, sendRaw } from "./raw-http";
import { addresses } from "./servers";

test.describe("security headers", () => {
  const expected = {
    "x-content-type-options": "nosniff",
    "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": expect.any(String),
    "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
  };

  for (const [address, status] of [
    ["/", 307],
    ["/jobs", 307],
    ["/sign-in", 200],
    ["/setup", 307],
    ["/nothing", 404],
    ["/jobs/", 308],
    ["/health/live", 200],
    ["/batch/jobs", 401],
    ["/batch/nothing", 404],
    ["/live/jobs", 401],
    ["/api/auth/session", 200],
    ["/api/auth/_log", 404],
    ["/_next/static/nothing.js", 307],
    ["/_next/static/nothing.js?attempt=15", 404],
    ["/_next/image?url=x", 404],
    ["/icon.svg", 200],
    ["/%", 400],
  ] as const) {
    test(`are on ${address}, a ${status}`, async ({ request }) => {
      const response = await request.get(address, { maxRedirects: 0 });
      expect(response.status()).toBe(status);
      expect(response.headers()).toMatchObject(expected);
      expect(response.headers()).not.toHaveProperty("x-powered-by");
    });
  }

  test("scripts have a nonce that is new for each response and can't be set by a request", async () => {
    const nonces = new Set<string>();
    for (let time = 0; time < 5; time++) {
      const spoofed = "Content-Security-Policy: script-src 'nonce-spoofed'";
      const { text } = await sendRaw(addresses.main, rawGet("/sign-in", spoofed));
      const [, policy = ""] = /^Content-Security-Policy: (.*)$/m.exec(text) ?? [];
      const [, nonce = ""] = /script-src 'self' 'nonce-([0-9a-f]{32})' 'strict-dynamic';/.exec(policy) ?? [];
      expect(nonce).not.toBe("");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      const scripts = [...text.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
      expect(scripts.length).toBeGreaterThan(3);
      expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(5);
  });

  test("pages are not cached beyond their build", async ({ request }) => {
    for (const address of ["/sign-in", "/nothing", "/batch%2Fjobs"]) {
      expect((await request.get(address)).headers()["cache-control"], address).toContain("no-store");
    }
  });

  test("the image optimizer is off", async ({ request }) => {
    for (const url of ["/x.png", "http://169.254.169.254/", "//evil.example/x.svg"]) {
      const response = await request.get(`/_next/image?url=${encodeURIComponent(url)}&w=64&q=75`);
      expect(response.status()).toBe(404);
    }
  });
});

test("health endpoints respond with one word, and are never cached", async ({ request }) => {
  const version = expect.stringMatching(/^\d+\.\d+\.\d+\+[0-9a-f]{20}$/);
  for (const [address, body] of [
    ["/health/live", { status: "live" }],
    ["/health/ready", { status: "ready", version }],
  ] as const) {
    const response = await request.get(address);
    expect(response.status()).toBe(200);
    expect(await response.json()).toEqual(body);
    expect(response.headers()["cache-control"]).toBe("no-store");
  }
});
