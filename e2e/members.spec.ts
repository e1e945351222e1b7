import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import {
  insertApiKey,
  insertInvitation,
  insertMembership,
  insertUser,
  testDatabase,
  uniqueId,
} from "@/db/fixtures";
import { makeApiKey } from "./api-key";
import { expect, makePerson, type Organization, signIn, test } from "./fixtures";
import { Caller } from "./people";
import { addresses } from "./servers";

// The members of an organization: inviting, joining, changing roles, removing and leaving.

const newToken = () => randomBytes(32).toString("base64url");
const membersPage = (org: Organization) => `/settings/members?organizationId=${org.id}`;

async function asOwner(page: Page, org: Organization) {
  const owner = await makePerson([org], { role: "owner", name: "Olga Owner" });
  await signIn(page.context(), owner);
  await page.goto(membersPage(org));
  return owner;
}

/** Invites through the page. @returns the link that it shows. */
async function inviteByPage(page: Page, email: string, role = "Member"): Promise<string> {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Role", { exact: true }).selectOption(role);
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByRole("heading", { name: "Share this link" })).toBeVisible();
  return (await page.locator("#invitation-link").textContent()) ?? "";
}

async function roleOf(org: Organization, userId: string): Promise<string | undefined> {
  const found = await testDatabase
    .selectFrom("memberships")
    .where("organization_id", "=", org.id)
    .where("user_id", "=", userId)
    .select("role")
    .executeTakeFirst();
  return found?.role;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a new person accepts an invitation by choosing a password; the link works once", async ({
      page,
      org,
      browser,
    }) => {
      await asOwner(page, org);
      const email = `${uniqueId("ana")}@example.com`;
      const link = await inviteByPage(page, email.toUpperCase(), "Admin");
      expect(link).toMatch(new RegExp(`^${addresses.main}/join\\?token=[\\w-]{43}$`));
      await page.reload();
      expect(await page.content()).not.toContain(link.slice(-43));
      await expect(page.getByRole("listitem").filter({ hasText: email })).toContainText(
        /Admin · invited by Olga Owner · link expires in 7 d/,
      );

      const theirs = await browser.newContext({ javaScriptEnabled });
      const join = await theirs.newPage();
      await join.goto(link);
      await expect(
        join.getByText(`Olga Owner invited ${email} to join Organization ${org.id} as an admin.`),
      ).toBeVisible();
      await join.getByLabel("Your name").fill("Ana New");
      await join.getByLabel("Choose a password").fill("correct horse battery");
      await join.getByRole("button", { name: "Join" }).click();
      await expect(join).toHaveURL(`${addresses.main}/jobs?organizationId=${org.id}`);
      await expect(join.getByRole("heading", { name: "No jobs yet" })).toBeVisible();
      await join.goto(link);
      await expect(join.getByRole("heading", { name: "This invitation is no longer valid" })).toBeVisible();
      await theirs.close();

      await page.reload();
      await expect(page.getByRole("heading", { name: "2 members" })).toBeVisible();
      await expect(page.getByRole("combobox", { name: "Role of Ana New" })).toHaveValue("admin");
      await expect(page.getByRole("heading", { name: "Pending invitations" })).toHaveCount(0);
    });

    test("a person with an account signs in and joins, and keeps their roles elsewhere", async ({
      page,
      org,
      makeOrg,
      browser,
    }) => {
      const elsewhere = await makeOrg();
      const ana = await makePerson([elsewhere], { role: "owner", name: "Ana Identity" });
      await asOwner(page, org);
      const link = await inviteByPage(page, ana.email);
      const theirs = await browser.newContext({ javaScriptEnabled });
      const join = await theirs.newPage();
      await join.goto(link);
      await join.getByRole("link", { name: "Sign in to join" }).click();
      await join.getByLabel("Email address").fill(ana.email);
      await join.getByLabel("Password").fill(ana.password);
      await join.getByRole("button", { name: "Sign in" }).click();
      await join.getByRole("button", { name: "Join as Ana Identity" }).click();
      await expect(join).toHaveURL(`${addresses.main}/jobs?organizationId=${org.id}`);
      await theirs.close();
      expect([await roleOf(org, ana.id), await roleOf(elsewhere, ana.id)]).toEqual(["member", "owner"]);
    });

    test("a member's role is changed, and a member is removed", async ({ page, org }) => {
      const bo = await makePerson([org], { name: "Bo Member" });
      await asOwner(page, org);
      await page.getByRole("combobox", { name: "Role of Bo Member" }).selectOption("Admin");
      await page.getByRole("button", { name: "Change role of Bo Member" }).click();
      await expect(page.getByText("Role changed.")).toBeVisible();
      expect(await roleOf(org, bo.id)).toBe("admin");
      await page.getByLabel("Remove Bo Member", { exact: true }).click();
      await page.getByRole("button", { name: "Remove member: Bo Member" }).click();
      await expect(page.getByText("Member removed and signed out everywhere.")).toBeVisible();
      expect(await roleOf(org, bo.id)).toBeUndefined();
    });

    test("the last owner is told why they cannot leave; another owner can", async ({ page, org }) => {
      const owner = await asOwner(page, org);
      const leave = async () => {
        await page.getByText(/^Leave Organization .*…$/).click();
        await page.getByRole("button", { name: "Leave organization" }).click();
      };
      await leave();
      await expect(page.getByRole("alert").filter({ hasText: "needs at least one owner" })).toBeVisible();
      await page.getByText("Change your role…").click();
      await page.getByRole("combobox", { name: "Role of Olga Owner" }).selectOption("Member");
      await page.getByRole("button", { name: "Change role of Olga Owner" }).click();
      await expect(page.getByRole("alert").filter({ hasText: "needs at least one owner" })).toBeVisible();
      await makePerson([org], { role: "owner" });
      await page.reload();
      await leave();
      await expect(
        page.getByRole("heading", { name: "You’re not a member of any organization" }),
      ).toBeVisible();
      expect(await roleOf(org, owner.id)).toBeUndefined();
    });
  });
}

test.describe("an invitation's link", () => {
  const join = async (token: string, form: Record<string, string> = {}) => {
    const caller = await Caller.as(undefined);
    const told = await caller.tell("/join/accept", { token, password: "correct horse battery", ...form });
    await caller.request.dispose();
    return told;
  };

  test("works once, even for two requests at once", async ({ org }) => {
    const token = newToken();
    await insertInvitation(org.id, token);
    const told = await Promise.all([join(token), join(token), join(token)]);
    expect(told.sort()).toEqual(["200", "404 invitation_not_good", "404 invitation_not_good"]);
  });

  test("is valid for exactly seven days", async ({ org, page }) => {
    const [over, good] = [newToken(), newToken()];
    await insertInvitation(org.id, over, { expires_at: new Date(Date.now() - 1_000) });
    await insertInvitation(org.id, good, { expires_at: new Date(Date.now() + 60_000) });
    expect((await page.goto(`/join?token=${over}`))?.status()).toBe(404);
    await expect(page.getByText("ask whoever invited you for a new link.")).toBeVisible();
    expect(await join(over)).toBe("404 invitation_not_good");
    expect(await join(good)).toBe("200");

    const caller = await Caller.as(await makePerson([org], { role: "owner" }));
    const email = `${uniqueId("new")}@example.com`;
    await caller.post("/settings/members/invite", { organizationId: org.id, email, role: "member" });
    const { expires_at } = await testDatabase
      .selectFrom("invitations")
      .where("email", "=", email)
      .select("expires_at")
      .executeTakeFirstOrThrow();
    expect(Math.abs(expires_at.getTime() - Date.now() - 7 * 86_400_000)).toBeLessThan(60_000);
    await caller.request.dispose();
  });

  test("is replaced by a new one, and invalid once cancelled", async ({ page, org }) => {
    await asOwner(page, org);
    const [ana, bo] = [`${uniqueId("ana")}@example.com`, `${uniqueId("bo")}@example.com`];
    const first = await inviteByPage(page, ana);
    await page.getByRole("button", { name: `New link for ${ana}` }).click();
    await expect(page.getByRole("heading", { name: "Share this link" })).toBeVisible();
    const second = (await page.locator("#invitation-link").textContent()) ?? "";
    expect(second).not.toBe(first);
    expect(await join(first.slice(-43))).toBe("404 invitation_not_good");
    expect(await join(second.slice(-43))).toBe("200");
    const third = await inviteByPage(page, bo);
    await page.getByRole("button", { name: `Cancel invitation for ${bo}` }).click();
    await expect(page.getByText("Invitation cancelled.")).toBeVisible();
    expect(await join(third.slice(-43))).toBe("404 invitation_not_good");
  });

  test("works only for the person it names", async ({ page, org }) => {
    const ana = await makePerson([], { name: "Ana" });
    const eve = await makePerson([], { name: "Eve" });
    const token = newToken();
    await insertInvitation(org.id, token, { email: ana.email });
    const caller = await Caller.as(eve);
    expect(await caller.tell("/join/accept", { token })).toBe("409 invitation_of_another");
    await caller.request.dispose();
    await signIn(page.context(), eve);
    await page.goto(`/join?token=${token}`);
    await expect(
      page.getByText(`You’re signed in as ${eve.email}, but this invitation is for ${ana.email}.`),
    ).toBeVisible();
    await expect(page.getByRole("button", { name: /^Join/ })).toHaveCount(0);
    expect(await join(token), "nobody can make a second account with her address").toBe("409 email_taken");
    const own = await Caller.as(ana);
    expect(await own.tell("/join/accept", { token })).toBe("200");
    await own.request.dispose();
  });

  for (const token of ["", "x", "a".repeat(43), "a".repeat(9_000), "%00", "../../etc"]) {
    test(`"${token.slice(0, 12)}" of ${token.length} characters is invalid, with a 4xx`, async ({
      request,
    }) => {
      const page = await request.get(`/join?token=${encodeURIComponent(token)}`);
      expect(page.status()).toBe(404);
      expect(await join(token)).toMatch(/^(400 invalid_token|404 invitation_not_good)$/);
    });
  }

  test("a form with an error keeps the name, and says what is wrong", async ({ page, org }) => {
    const token = newToken();
    await insertInvitation(org.id, token);
    await page.goto(`/join?token=${token}`);
    await page.getByLabel("Your name").fill("Ana");
    await page.getByLabel("Choose a password").fill("short");
    await page.locator("form").evaluate((form: HTMLFormElement) => form.submit());
    await expect(page.getByRole("alert").filter({ hasText: "12 to 200 characters" })).toBeVisible();
    await expect(page.getByLabel("Your name")).toHaveValue("Ana");
  });

  test("is not accepted from another site", async ({ org }) => {
    const token = newToken();
    await insertInvitation(org.id, token);
    const caller = await Caller.as(undefined);
    const form = { token, password: "correct horse battery" };
    expect(await caller.tell("/join/accept", form, { Origin: "https://evil.example" })).toBe(
      "403 foreign_origin",
    );
    await caller.request.dispose();
  });
});

test.describe("inviting", () => {
  test("members and people with an invitation are not invited again", async ({ org, makeOrg }) => {
    const caller = await Caller.as(await makePerson([org], { role: "admin" }));
    const member = await makePerson([org]);
    const known = await makePerson([await makeOrg()]);
    const invite = (email: string) =>
      caller.tell("/settings/members/invite", { organizationId: org.id, email, role: "member" });
    expect(await invite(member.email)).toBe("409 already_member");
    expect(await invite(known.email), "who has an account is invited like anybody").toBe("200");
    expect(await invite(known.email.toUpperCase())).toBe("409 already_invited");
    expect(await invite("nobody")).toBe("400 invalid_email");
    expect(await invite("")).toBe("400 invalid_email");
    await caller.request.dispose();
  });

  test("an admin sees owners' roles and invitations, and can do nothing about them", async ({
    page,
    org,
  }) => {
    await makePerson([org], { role: "owner", name: "Olga Owner" });
    await makePerson([org], { name: "Bo Member" });
    const { email } = await insertInvitation(org.id, newToken(), { role: "owner" });
    await signIn(page.context(), await makePerson([org], { role: "admin", name: "Adam Admin" }));
    await page.goto(membersPage(org));
    await expect(page.getByRole("combobox", { name: "Role of Olga Owner" })).toHaveCount(0);
    await expect(page.getByLabel("Remove Olga Owner", { exact: true })).toHaveCount(0);
    await expect(page.getByRole("listitem").filter({ hasText: email }).getByRole("button")).toHaveCount(0);
    expect(
      await page.getByRole("combobox", { name: "Role of Bo Member" }).locator("option").allTextContents(),
    ).toEqual(["Admin", "Member"]);
    expect(await page.getByLabel("Role", { exact: true }).locator("option").allTextContents()).toEqual([
      "Admin",
      "Member",
    ]);
  });
});

test.describe("the last owner", () => {
  test("of two owners who leave at once, one succeeds (20 times)", async ({ makeOrg }) => {
    for (let time = 0; time < 20; time++) {
      const org = await makeOrg();
      const callers = await Promise.all(
        [0, 1].map(async () => Caller.as(await makePerson([org], { role: "owner" }))),
      );
      const told = await Promise.all(
        callers.map((caller) => caller.tell("/settings/members/leave", { organizationId: org.id })),
      );
      expect(told.sort()).toEqual(["200", "409 last_owner"]);
      for (const caller of callers) await caller.request.dispose();
    }
  });

  test("of two owners who demote or remove each other at once, one stays an owner", async ({ makeOrg }) => {
    for (const [action, form] of [
      ["change-role", { role: "member" }],
      ["remove", {}],
    ] as const) {
      for (let time = 0; time < 10; time++) {
        const org = await makeOrg();
        const people = [
          await makePerson([org], { role: "owner" }),
          await makePerson([org], { role: "owner" }),
        ];
        const callers = await Promise.all(people.map((person) => Caller.as(person)));
        const told = await Promise.all(
          callers.map((caller, at) =>
            caller.tell(`/settings/members/${action}`, {
              organizationId: org.id,
              userId: people[1 - at]?.id ?? "",
              ...form,
            }),
          ),
        );
        expect(
          told.filter((one) => one === "200"),
          told.join(),
        ).toHaveLength(1);
        const roles = await Promise.all(people.map((person) => roleOf(org, person.id)));
        expect(roles.filter((role) => role === "owner")).toHaveLength(1);
        for (const caller of callers) await caller.request.dispose();
      }
    }
  });

  test("cannot be removed, not even by themselves; operators can", async ({ org }) => {
    const owner = await makePerson([org], { role: "owner" });
    const caller = await Caller.as(owner);
    const about = { organizationId: org.id, userId: owner.id };
    expect(await caller.tell("/settings/members/remove", about)).toBe("409 last_owner");
    expect(await caller.tell("/settings/members/change-role", { ...about, role: "admin" })).toBe(
      "409 last_owner",
    );
    expect(await caller.tell("/settings/members/change-role", { ...about, role: "owner" })).toBe("200");
    await caller.request.dispose();
  });
});

test.describe("a removed member", () => {
  test("loses access with their next request, in all browsers; their key keeps working, with their name", async ({
    page,
    org,
  }) => {
    const bo = await makePerson([org], { role: "owner", name: "Bo Gone" });
    const [first, second] = [await Caller.as(bo), await Caller.as(bo)];
    const isIn = async (caller: Caller) => (await caller.request.get("/live/jobs")).status() !== 401;
    expect([await isIn(first), await isIn(second)]).toEqual([true, true]);
    const key = makeApiKey();
    await insertApiKey(org.id, key, { name: "Made by Bo", created_by_user_id: bo.id });
    await asOwner(page, org);
    await page.getByLabel("Remove Bo Gone", { exact: true }).click();
    await page.getByRole("button", { name: "Remove member: Bo Gone" }).click();
    await expect(page.getByText("Member removed")).toBeVisible();
    expect([await isIn(first), await isIn(second)]).toEqual([false, false]);
    expect((await org.get("", { Authorization: `Bearer ${key}` })).status()).toBe(200);
    await page.goto(`/settings/api-keys?organizationId=${org.id}`);
    await expect(page.getByRole("listitem").filter({ hasText: "Made by Bo" })).toContainText(
      "by Bo Gone (no longer a member)",
    );
    for (const caller of [first, second]) await caller.request.dispose();
  });

  test("loses their invitations; those of others stay", async ({ org }) => {
    const owner = await makePerson([org], { role: "owner" });
    const bo = await makePerson([org], { role: "admin" });
    await insertInvitation(org.id, newToken(), { invited_by_user_id: bo.id });
    const { id } = await insertInvitation(org.id, newToken(), { invited_by_user_id: owner.id });
    const caller = await Caller.as(owner);
    expect(await caller.tell("/settings/members/remove", { organizationId: org.id, userId: bo.id })).toBe(
      "200",
    );
    const left = await testDatabase
      .selectFrom("invitations")
      .where("organization_id", "=", org.id)
      .select("id")
      .execute();
    expect(left).toEqual([{ id }]);
    await caller.request.dispose();
  });

  test("who left stays signed in, with their other organizations", async ({ org, makeOrg }) => {
    const other = await makeOrg();
    const person = await makePerson([org, other]);
    const caller = await Caller.as(person);
    expect(await caller.tell("/settings/members/leave", { organizationId: org.id })).toBe("200");
    expect(await caller.tell("/settings/members/leave", { organizationId: org.id })).toBe(
      "404 organization_not_found",
    );
    expect((await caller.request.get(`/jobs?organizationId=${other.id}`)).status()).toBe(200);
    expect((await caller.request.get(`/jobs?organizationId=${org.id}`)).status()).toBe(404);
    await caller.request.dispose();
  });
});

test.describe("the organization page", () => {
  test("an owner renames the organization, copies its id, and creates another one, which they own", async ({
    page,
    org,
  }) => {
    await asOwner(page, org);
    await page
      .getByRole("navigation", { name: "Settings" })
      .getByRole("link", { name: "Organization" })
      .click();
    await expect(page.getByText(org.id, { exact: true })).toBeVisible();
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Brightline Insurance");
    await page.getByRole("button", { name: "Rename" }).click();
    await expect(page.getByText("Organization renamed.")).toBeVisible();
    await expect(
      page.getByRole("button", { name: /^Organization menu: Brightline Insurance/ }),
    ).toBeVisible();
    await page.getByLabel("Organization name").fill("Harbor Dental");
    await page.getByRole("button", { name: "Create" }).click();
    await expect(page.getByText("Organization created.")).toBeVisible();
    await expect(page.getByText(/^org_[0-9a-f]{24}$/)).toBeVisible();
    await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Members" }).click();
    await expect(page.getByRole("heading", { name: "1 member" })).toBeVisible();
    await expect(page.getByText("Change your role…")).toBeVisible();
  });

  test("a person without an organization has an account page and nothing else", async ({ page }) => {
    await signIn(page.context(), await insertUser());
    await page.goto("/settings");
    await expect(page.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Settings" }).getByRole("link")).toHaveCount(1);
    await page.goto("/settings/members");
    await expect(
      page.getByRole("heading", { name: "You’re not a member of any organization" }),
    ).toBeVisible();
  });

  test("members only read its name and id", async ({ page, org, member: _member }) => {
    await insertMembership(org.id, (await makePerson([], { name: "Zoe" })).id);
    await page.goto(`/settings/organization?organizationId=${org.id}`);
    await expect(page.getByText(`Organization ${org.id}. Only owners can change it.`)).toBeVisible();
    await expect(page.locator("main form")).toHaveCount(0);
  });
});
