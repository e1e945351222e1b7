import type { APIRequestContext, BrowserContext } from "@playwright/test";
import { sql } from "kysely";
import { changePassword, type TestUser, testDatabase } from "@/db/fixtures";
import { expect, makePerson, postSignIn, signIn, test } from "./fixtures";
import { addresses } from "./servers";

// Sessions are rows of the database.

/** Sets back the times of a person's sessions. */
async function changeSessions(userId: string, change: Record<string, Date>): Promise<void> {
  const set = sql.join(Object.entries(change).map(([column, time]) => sql`${sql.ref(column)} = ${time}`));
  await sql`update sessions set ${set} where user_id = ${userId}`.execute(testDatabase);
}

test.describe("sessions end everywhere, also for a copied cookie", () => {
  const isSignedIn = async (request: APIRequestContext, cookie: string) => {
    const response = await request.get("/live/jobs", { headers: { Cookie: cookie } });
    return response.status() !== 401;
  };

  async function signedInCookie(context: BrowserContext, user: TestUser) {
    await signIn(context, user);
    const cookies = await context.cookies();
    const session = cookies.find(({ name }) => name === "batch-jobs.session");
    expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
    expect(session?.value).toMatch(/^[\w-]{43}$/);
    return `batch-jobs.session=${session?.value}`;
  }

  test("when signing out", async ({ context, page, playwright, org }) => {
    const user = await makePerson([org]);
    const cookie = await signedInCookie(context, user);
    const thief = await playwright.request.newContext({ baseURL: addresses.main });
    expect(await isSignedIn(thief, cookie)).toBe(true);
    await page.goto("/jobs");
    await page.getByRole("button", { name: /^Account menu/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL("/sign-in");
    expect(await isSignedIn(thief, cookie)).toBe(false);
    expect((await context.cookies()).filter(({ name }) => name === "batch-jobs.session")).toEqual([]);
    await thief.dispose();
  });

  test("when the password is changed, on every device", async ({ browser, playwright, org }) => {
    const user = await makePerson([org]);
    const devices = await Promise.all([browser.newContext(), browser.newContext()]);
    const cookies = await Promise.all(devices.map((device) => signedInCookie(device, user)));
    const request = await playwright.request.newContext({ baseURL: addresses.main });
    await changePassword(user.id, "quite another password");
    for (const cookie of cookies) expect(await isSignedIn(request, cookie)).toBe(false);
    await Promise.all([request.dispose(), ...devices.map((device) => device.close())]);
  });

  for (const [name, change] of [
    ["when its last day is over", { created_at: new Date(0), expires_at: new Date(Date.now() - 1_000) }],
    ["when it was not used for a week", { last_seen_at: new Date(Date.now() - 7.01 * 86_400_000) }],
  ] as const) {
    test(name, async ({ context, playwright, org }) => {
      const user = await makePerson([org]);
      const cookie = await signedInCookie(context, user);
      const request = await playwright.request.newContext({ baseURL: addresses.main });
      await changeSessions(user.id, change);
      expect(await isSignedIn(request, cookie)).toBe(false);
      await request.dispose();
    });
  }

  test("when the person is deleted", async ({ context, playwright, org }) => {
    const user = await makePerson([org]);
    const cookie = await signedInCookie(context, user);
    const request = await playwright.request.newContext({ baseURL: addresses.main });
    await testDatabase.deleteFrom("users").where("id", "=", user.id).execute();
    expect(await isSignedIn(request, cookie)).toBe(false);
    await request.dispose();
  });

  test("use extends a session, and is recorded at most every five minutes", async ({ context, org }) => {
    const user = await makePerson([org]);
    await signedInCookie(context, user);
    const lastSeen = async () => {
      const rows = testDatabase.selectFrom("sessions").select("last_seen_at").where("user_id", "=", user.id);
      return (await rows.executeTakeFirstOrThrow()).last_seen_at.getTime();
    };
    const before = Date.now() - 6 * 86_400_000;
    await changeSessions(user.id, { last_seen_at: new Date(before) });
    await context.request.get("/live/jobs");
    expect(await lastSeen(), "a page that asks by itself is no use").toBe(before);
    await context.request.get("/settings/display");
    await expect.poll(lastSeen).toBeGreaterThan(before);
    const noted = await lastSeen();
    await context.request.get("/settings/display");
    await context.request.get("/settings/display");
    expect(await lastSeen()).toBe(noted);
  });

  test("each sign-in gets a new token, whatever cookie was sent", async ({ context, org }) => {
    const user = await makePerson([org]);
    const planted = "A".repeat(43);
    await context.addCookies([{ name: "batch-jobs.session", value: planted, url: addresses.main }]);
    const first = await signedInCookie(context, user);
    const second = await signedInCookie(context, user);
    expect(await isSignedIn(context.request, first), "the session before is over").toBe(false);
    expect(new Set([first, second, `batch-jobs.session=${planted}`]).size).toBe(3);
  });

  test("a sign-in that overlaps a password change fails", async ({ playwright, org }) => {
    const user = await makePerson([org]);
    const request = await playwright.request.newContext({ baseURL: addresses.main });
    const signingIn = await testDatabase.transaction().execute(async (transaction) => {
      await sql`update users set password_hash = password_hash || ' ' where id = ${user.id}`.execute(
        transaction,
      );
      const answer = postSignIn(request, user);
      // It has read the old hash, and waits to start its session.
      await expect
        .poll(async () => {
          const { rows } = await sql<{ waiting: number }>`
            select count(*)::int as waiting from pg_stat_activity
            where wait_event_type = 'Lock' and query like '%insert into "sessions"%'
          `.execute(testDatabase);
          return rows[0]?.waiting;
        })
        .toBe(1);
      return { answer };
    });
    expect((await signingIn.answer).status()).toBe(401);
    await request.dispose();
  });

  test("an invalid cookie is no session, and never a 5xx", async ({ request, org: _org }) => {
    for (const value of [
      "x",
      "A".repeat(43),
      "%00",
      "a|b",
      "eyJhbGciOiJub25lIn0..",
      "é",
      "B".repeat(8_000),
    ]) {
      const headers = { Cookie: `batch-jobs.session=${encodeURI(value)}` };
      expect((await request.get("/live/jobs", { headers })).status(), value).toBe(401);
      expect((await request.get("/jobs", { headers, maxRedirects: 0 })).status(), value).toBe(307);
      const session = await request.get("/api/auth/session", { headers });
      expect(session.status(), value).toBe(200);
      expect(await session.json()).toEqual({});
    }
  });

  test("only the hash of a token is stored", async ({ context, org }) => {
    const user = await makePerson([org]);
    const cookie = await signedInCookie(context, user);
    const token = cookie.split("=")[1] ?? "";
    const rows = await testDatabase
      .selectFrom("sessions")
      .select("token_hash")
      .where("user_id", "=", user.id)
      .execute();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.token_hash.toString("latin1")).not.toContain(token);
  });
});
