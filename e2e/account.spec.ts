import type { APIRequestContext } from "@playwright/test";
import { testDatabase } from "@/db/fixtures";
import { expect, makePerson, postSignIn, signIn, test } from "./fixtures";
import { Caller } from "./people";
import { addresses } from "./servers";

// What a person decides about themselves: issue 5, item 5.

const isSignedIn = async (request: APIRequestContext) => (await request.get("/jobs/live")).status() !== 401;

test("a name is changed, and taken away again", async ({ page, context, org }) => {
  const person = await makePerson([org], { name: "Ana Old" });
  await signIn(context, person);
  await page.goto("/settings/account");
  await page.getByLabel("Your name").fill("Ana New");
  await page.getByRole("button", { name: "Save the name" }).click();
  await expect(page.getByText("Your name is changed.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Account of Ana New" })).toBeVisible();
  await page.getByLabel("Your name").fill("");
  await page.getByRole("button", { name: "Save the name" }).click();
  await expect(page.getByRole("button", { name: `Account of ${person.email}` })).toBeVisible();
});

test("a password is changed: other sessions end, this one goes on, and only the new one signs in", async ({
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
    await page.getByRole("button", { name: "Change the password" }).click();
  };
  await change("not my password", "correct horse battery");
  await expect(page.getByRole("alert").filter({ hasText: "not your current password" })).toBeVisible();
  expect(await isSignedIn(other.request)).toBe(true);
  await change(person.password, "correct horse battery");
  await expect(page.getByText("Your password is changed. You are signed out everywhere else.")).toBeVisible();
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

test("a current password cannot be guessed at for long", async ({ org }) => {
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

  test("are listed by what the browser is; another one can be ended, and nobody else's", async ({
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
    await page.getByRole("button", { name: "Sign out of Chrome on macOS" }).click();
    await expect(page.getByText("That browser is signed out.")).toBeVisible();
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

  test("end everywhere at once, this one too; those of others stay", async ({ page, context, org }) => {
    const [person, stranger] = [await makePerson([org]), await makePerson([org])];
    const [there, theirs] = [await Caller.as(person), await Caller.as(stranger)];
    await signIn(context, person);
    await page.goto("/settings/account");
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await expect(page.getByText("You are signed out everywhere.")).toBeVisible();
    expect(await isSignedIn(there.request)).toBe(false);
    expect(await isSignedIn(theirs.request)).toBe(true);
    expect((await context.cookies()).map(({ name }) => name)).not.toContain("batch-jobs.session");
    await page.goto("/settings/account");
    await expect(page).toHaveURL(`${addresses.main}/sign-in?callbackUrl=%2Fsettings%2Faccount`);
    for (const caller of [there, theirs]) await caller.request.dispose();
  });
});

test("theme and time zone are chosen here too", async ({ page, context, org }) => {
  await signIn(context, await makePerson([org]));
  await page.goto("/settings/account");
  await page.getByLabel("Dark").check();
  await page.getByLabel("Time zone, wherever you sign in").selectOption("Asia/Tokyo");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByText(/GMT\+9\)/)).toBeVisible();
});
