import { randomBytes } from "node:crypto";
import type { APIRequestContext } from "@playwright/test";
import { testDatabase } from "@/db/fixtures";
import { expect, makePerson, postSignIn, signIn, test } from "./fixtures";
import { Caller } from "./people";
import { addresses } from "./servers";

// Account settings.

const isSignedIn = async (request: APIRequestContext) => (await request.get("/live/jobs")).status() !== 401;

test("a name can be changed and removed", async ({ page, context, org }) => {
  const person = await makePerson([org], { name: "Ana Old" });
  await signIn(context, person);
  await page.goto("/settings/account");
  await page.getByLabel("Your name").fill("Ana New");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText("Name updated.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Account menu: Ana New" })).toBeVisible();
  await page.getByLabel("Your name").fill("");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("button", { name: `Account menu: ${person.email}` })).toBeVisible();
});

test("changing the password ends all other sessions, and only the new one signs in", async ({
  page,
  context,
  org,
}) => {
  const person = await makePerson([org]);
  await signIn(context, person);
  const before = (await context.cookies()).find(({ name }) => name === "batch-jobs.session")?.value ?? "";
  const other = await Caller.as(person);
  const thief = await Caller.as(undefined, { headers: { Cookie: `batch-jobs.session=${before}` } });
  await page.goto("/settings/account");
  const change = async (current: string, next: string) => {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password").fill(next);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("not my password", "correct horse battery");
  await expect(page.getByRole("alert").filter({ hasText: "current password is incorrect" })).toBeVisible();
  expect(await isSignedIn(other.request)).toBe(true);
  await change(person.password, "correct horse battery");
  await expect(page.getByText("Password changed. You’ve been signed out everywhere else.")).toBeVisible();
  expect(await isSignedIn(other.request)).toBe(false);
  expect(await isSignedIn(thief.request), "a copy of this browser's old cookie").toBe(false);
  expect(await isSignedIn(context.request)).toBe(true);
  const cookie = (await context.cookies()).find(({ name }) => name === "batch-jobs.session");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(cookie?.value).toMatch(/^[\w-]{43}$/);
  expect((await postSignIn(other.request, person)).status()).toBe(401);
  expect((await postSignIn(other.request, { ...person, password: "correct horse battery" })).status()).toBe(
    200,
  );
  for (const caller of [other, thief]) await caller.request.dispose();
});

test("a signed-in person can change their password although others guessed at it", async ({ org }) => {
  const person = await makePerson([org]);
  const from = { address: addresses.odd, headers: { "X-Forwarded-For": "203.0.113.77" } };
  const [caller, stranger] = [await Caller.as(person, from), await Caller.as(undefined, from)];
  const guess = () => postSignIn(stranger.request, { ...person, password: "not the password" });
  for (let time = 0; time < 10; time++) expect((await guess()).status()).toBe(401);
  expect((await guess()).status()).toBe(429);
  const form = { currentPassword: person.password, newPassword: "correct horse battery" };
  expect(await caller.tell("/settings/account/change-password", form)).toBe("200");
  const again = await postSignIn(caller.request, { ...person, password: "correct horse battery" });
  expect(again.status(), "this browser is known with the new password, too").toBe(200);
  for (const one of [caller, stranger]) await one.request.dispose();
});

test("guesses of the current password are limited", async ({ org }) => {
  const caller = await Caller.as(await makePerson([org]));
  const told: string[] = [];
  for (let guess = 0; guess < 12; guess++) {
    const form = { currentPassword: `guess ${guess}`, newPassword: "correct horse battery" };
    told.push(await caller.tell("/settings/account/change-password", form));
  }
  expect(told.filter((one) => one === "422 wrong_password").length).toBeGreaterThan(8);
  expect(told.at(-1)).toBe("429 too_many_attempts");
  await caller.request.dispose();
});

for (const [wrong, code] of [
  [{ newPassword: "short" }, "400 invalid_new_password"],
  [{ newPassword: "x".repeat(201) }, "400 invalid_new_password"],
  [{ currentPassword: "" }, "400 invalid_current_password"],
  [{ currentPassword: "x".repeat(201) }, "400 invalid_current_password"],
] as [Record<string, string>, string][]) {
  test(`a change of password with ${JSON.stringify(wrong).slice(0, 40)} is ${code}`, async ({ org }) => {
    const person = await makePerson([org]);
    const caller = await Caller.as(person);
    const form = { currentPassword: person.password, newPassword: "correct horse battery", ...wrong };
    expect(await caller.tell("/settings/account/change-password", form)).toBe(code);
    await caller.request.dispose();
  });
}

test.describe("sessions", () => {
  const chrome =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

  test("are listed by browser; a person can end their own sessions and no one else's", async ({
    page,
    context,
    org,
  }) => {
    const person = await makePerson([org]);
    const stranger = await makePerson([org]);
    const there = await Caller.as(person, { headers: { "User-Agent": chrome } });
    const odd = await Caller.as(person, { headers: { "User-Agent": `<b>\u00e9 ${"x".repeat(900)}` } });
    const theirs = await Caller.as(stranger);
    await signIn(context, person);
    await page.goto("/settings/account");
    const rows = page.getByRole("listitem").filter({ hasText: "Signed in" });
    await expect(rows).toHaveCount(3);
    await expect(rows.first()).toContainText("this browser");
    await expect(rows.first().getByRole("button")).toHaveCount(0);
    await page.getByRole("button", { name: "Sign out Chrome on macOS" }).click();
    await expect(page.getByText("Session ended.")).toBeVisible();
    expect([await isSignedIn(there.request), await isSignedIn(odd.request)]).toEqual([false, true]);
    const foreign = await testDatabase
      .selectFrom("sessions")
      .where("user_id", "=", stranger.id)
      .select("id")
      .executeTakeFirstOrThrow();
    expect(await odd.tell("/settings/account/end-session", { sessionId: foreign.id })).toBe(
      "404 session_not_found",
    );
    expect(await isSignedIn(theirs.request)).toBe(true);
    for (const caller of [there, odd, theirs]) await caller.request.dispose();
  });

  test("all end with “Sign out everywhere”, this one too; those of others don't", async ({
    page,
    context,
    org,
  }) => {
    const [person, stranger] = [await makePerson([org]), await makePerson([org])];
    const [there, theirs] = [await Caller.as(person), await Caller.as(stranger)];
    await signIn(context, person);
    await page.goto("/settings/account");
    await page.getByText("Sign out everywhere…").click();
    await page.getByRole("button", { name: "Sign out everywhere now" }).click();
    await expect(page.getByText("You’ve been signed out everywhere.")).toBeVisible();
    expect(await isSignedIn(there.request)).toBe(false);
    expect(await isSignedIn(theirs.request)).toBe(true);
    expect((await context.cookies()).map(({ name }) => name)).not.toContain("batch-jobs.session");
    await page.goto("/settings/account");
    await expect(page).toHaveURL(`${addresses.main}/sign-in?callbackUrl=%2Fsettings%2Faccount`);
    for (const caller of [there, theirs]) await caller.request.dispose();
  });
});

test("theme and time zone can be set here, too", async ({ page, context, org }) => {
  await signIn(context, await makePerson([org]));
  await page.goto("/settings/account");
  await page.getByLabel("Dark").check();
  await page.getByLabel("Time zone", { exact: true }).selectOption("Asia/Tokyo");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByText(/GMT\+9\)/)).toBeVisible();
});

test("of two concurrent password changes one succeeds; the same password again is no change", async ({
  org,
}) => {
  const person = await makePerson([org]);
  const callers = await Promise.all([0, 1].map(() => Caller.as(person)));
  const change = (caller: Caller, newPassword: string) =>
    caller.tell("/settings/account/change-password", { currentPassword: person.password, newPassword });
  const [first, second] = callers as [Caller, Caller];
  expect(await change(first, person.password)).toBe("422 same_password");
  const told = await Promise.all([
    change(first, "correct horse battery"),
    change(second, "another horse battery"),
  ]);
  // The later one finds the password changed, or is already signed out.
  expect(told.filter((one) => one === "200")).toHaveLength(1);
  expect(told.filter((one) => one !== "200")[0]).toMatch(
    /^(409 password_changed|401 signed_out|422 wrong_password)$/,
  );
  for (const caller of callers) await caller.request.dispose();
});

test("ended sessions are not listed; after a password change the browser is still recognized", async ({
  page,
  context,
  org,
}) => {
  const person = await makePerson([org]);
  await signIn(context, person);
  for (const over of [
    { last_seen_at: new Date(Date.now() - 8 * 86_400_000) },
    { created_at: new Date(Date.now() - 86_400_000), expires_at: new Date(Date.now() - 1_000) },
  ]) {
    await testDatabase
      .insertInto("sessions")
      .values({
        token_hash: randomBytes(32),
        user_id: person.id,
        user_agent: "Over/1.0",
        expires_at: new Date(Date.now() + 86_400_000),
        ...over,
      })
      .execute();
  }
  await page.goto("/settings/account");
  const sessions = page.getByRole("listitem").filter({ hasText: "Signed in" });
  await expect(sessions).toHaveCount(1);
  await page.getByLabel("Current password").fill(person.password);
  await page.getByLabel("New password").fill("correct horse battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed.")).toBeVisible();
  await expect(sessions).toHaveText(/^(Headless ?)?Chrom\w+ on Linux \(this browser\)/);
});

test("the account page keeps its organization after each change and each error", async ({
  page,
  context,
  makeOrg,
}) => {
  const [first, second] = [await makeOrg(), await makeOrg()];
  const person = await makePerson([first, second]);
  await signIn(context, person);
  for (const org of [second, first]) {
    const here = page.getByRole("button", { name: `Organization menu: Organization ${org.id}` });
    await page.goto(`/settings/account?organizationId=${org.id}`);
    await expect(here).toBeVisible();
    await page.getByRole("button", { name: "Save name" }).click();
    await expect(page.getByText("Name updated.")).toBeVisible();
    await expect(here).toBeVisible();
    await page.getByLabel("Current password").fill("not my password");
    await page.getByLabel("New password").fill("correct horse battery");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "current password is incorrect" })).toBeVisible();
    await expect(here).toBeVisible();
  }
});
