import { insertOrganization, insertUser } from "@/db/fixtures";
import { expect, freePort, test } from "./process";
import { secret } from "./servers";

// Behind a proxy that terminates TLS.

test("under https, cookies are Secure and responses have Strict-Transport-Security", async ({ workshop }) => {
  await insertOrganization();
  const user = await insertUser();
  const port = await freePort();
  const running = workshop.start({
    DATABASE_URL: process.env.DATABASE_URL,
    NEXTAUTH_URL: "https://jobs.example.com",
    NEXTAUTH_SECRET: secret,
    PORT: String(port),
  });
  await running.shows("Stop with Ctrl-C");
  const address = `http://localhost:${port}`;
  const csrf = await fetch(`${address}/api/auth/csrf`);
  const [csrfCookie = ""] = csrf.headers.getSetCookie();
  expect(csrfCookie).toMatch(/^__Host-batch-jobs\.csrf=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  const { csrfToken } = await csrf.json();
  const answer = await fetch(`${address}/api/auth/callback/credentials`, {
    method: "POST",
    redirect: "manual",
    headers: { Cookie: csrfCookie.split(";")[0] ?? "", "X-Forwarded-Host": "evil.example" },
    body: new URLSearchParams({ email: user.email, password: user.password, csrfToken }),
  });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toBe("/jobs");
  expect(answer.headers.get("strict-transport-security")).toBe("max-age=31536000");
  const [cookie = "", ...others] = answer.headers.getSetCookie();
  expect(others).toEqual([
    expect.stringMatching(
      /^__Host-batch-jobs\.device=[\w-]{65}; Path=\/; Max-Age=31536000; SameSite=Lax; HttpOnly; Secure$/,
    ),
  ]);
  expect(cookie).toMatch(
    /^__Host-batch-jobs\.session=[\w-]{43}; Path=\/; Expires=.* GMT; HttpOnly; Secure; SameSite=Lax$/,
  );
  const page = await fetch(`${address}/jobs`, { headers: { Cookie: cookie.split(";")[0] ?? "" } });
  expect(await page.text()).toContain("You’re not a member of any organization");

  const theme = await fetch(`${address}/settings/display/save`, {
    method: "POST",
    redirect: "manual",
    headers: { Cookie: cookie.split(";")[0] ?? "", Origin: "https://jobs.example.com" },
    body: new URLSearchParams({ theme: "dark" }),
  });
  expect(theme.headers.getSetCookie()).toEqual([expect.stringMatching(/; Secure$/)]);

  // A form of ours is one from the public address, whatever the proxy sends as Host.
  const form = (origin: string) =>
    fetch(`${address}/api/auth/signout`, {
      method: "POST",
      redirect: "manual",
      headers: { Cookie: cookie.split(";")[0] ?? "", Origin: origin },
      body: new URLSearchParams(),
    });
  expect((await form("https://evil.example")).status).toBe(403);
  expect((await form("https://jobs.example.com")).status).toBe(303);
});

test("many concurrent sign-ins are refused, and later ones succeed", async ({ workshop }) => {
  const user = await insertUser();
  const port = await freePort();
  const address = `http://localhost:${port}`;
  const running = workshop.start({
    DATABASE_URL: process.env.DATABASE_URL,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: secret,
    PORT: String(port),
    TRUSTED_PROXY_COUNT: "1",
  });
  await running.shows("Stop with Ctrl-C");
  const signIn = (email: string, password: string) =>
    fetch(`${address}/api/auth/callback/credentials`, {
      method: "POST",
      redirect: "manual",
      headers: { Origin: address, "X-Forwarded-For": "203.0.113.77" },
      body: new URLSearchParams({ email, password, json: "true" }),
    });
  // Nobody has these addresses, so each costs a hash as dear as the product's own.
  const flood = await Promise.all(
    Array.from({ length: 60 }, (_, at) =>
      signIn(`nobody-${at}@${user.id.replace("_", "-")}.example.com`, "guess guess"),
    ),
  );
  const statuses = flood.map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([401, 503]));
  expect(statuses.filter((status) => status === 401).length).toBeLessThan(40);
  expect(flood.find(({ status }) => status === 503)?.headers.get("retry-after")).toBe("5");
  expect((await signIn(user.email, user.password)).status).toBe(200);
});
