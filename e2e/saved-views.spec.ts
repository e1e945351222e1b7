import { insertMembership, insertSavedView, testDatabase } from "@/db/fixtures";
import { expect, makePerson, signIn, test } from "./fixtures";
import { Caller } from "./people";

// Views of the jobs page: each person's own, in each organization.

test("a view is saved, opens by default, and can be renamed, made no default and deleted", async ({
  page,
  org,
  member,
}) => {
  await org.add({ name: "Failed one", status: "failed" }, { name: "Running one", status: "running" });
  const list = `/jobs?organizationId=${org.id}`;
  const views = page.getByRole("navigation", { name: "Views" });
  await page.goto(list);
  await expect(views.getByRole("link")).toHaveText(["All jobs", "Now"]);
  await expect(page.getByRole("button", { name: "Save view" }), "all jobs are no view").toHaveCount(0);
  await page.goto(`${list}&pageSize=50`);
  await expect(views.getByRole("link", { name: "All jobs" })).toHaveAttribute("aria-current", "true");
  await expect(page.getByRole("button", { name: "Save view" }), "nor is a number of rows").toHaveCount(0);
  await page.goto(`${list}&status=failed&created=thisMonth&sort=name&pageSize=50&page=1`);
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByLabel("Name", { exact: true }).fill("  This month’s   failures ");
  await page.getByLabel("Use as default view").check();
  await page.getByRole("button", { name: "Save view" }).last().click();
  await expect(page.getByRole("status").filter({ hasText: "View saved." })).toBeVisible();
  const own = views.getByRole("link", { name: "This month’s failures (default)" });
  await expect(own).toHaveAttribute("aria-current", "true");
  await expect(page.getByRole("button", { name: "Save view" }), "it is saved").toHaveCount(0);
  const saved = await testDatabase
    .selectFrom("saved_views")
    .where("user_id", "=", member.id)
    .select("query")
    .execute();
  // The range still moves with the calendar.
  expect(saved).toEqual([{ query: "status=failed&created=thisMonth&sort=name" }]);

  await page.goto("/jobs");
  await expect(page).toHaveURL(`${list}&status=failed&created=thisMonth&sort=name`);
  await expect(page.getByRole("row")).toHaveCount(2);
  await views.getByRole("link", { name: "All jobs" }).click();
  await expect(page).toHaveURL(list);
  await expect(page.getByRole("row")).toHaveCount(3);
  // A new one of the same name replaces it.
  await page.goto(`${list}&status=running`);
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByLabel("Name", { exact: true }).fill("This month’s failures");
  await page.getByRole("button", { name: "Save view" }).last().click();
  await expect(own).toHaveAttribute("aria-current", "true");
  await page.goto("/jobs");
  await expect(page, "it is still the default").toHaveURL(`${list}&status=running`);

  await views.getByRole("link", { name: "Edit views" }).click();
  await expect(page.getByText("Status: Running · Sort: newest first")).toBeVisible();
  await page.getByLabel("Edit This month’s failures").click();
  await page.getByLabel("Name", { exact: true }).fill("Running");
  await page.getByLabel("Use as default view").uncheck();
  await page.getByRole("button", { name: "Save This month’s failures" }).click();
  await expect(page.getByRole("status").filter({ hasText: "View changed." })).toBeVisible();
  await page.getByRole("link", { name: "Running", exact: true }).click();
  await expect(page).toHaveURL(`${list}&status=running`);
  await page.goto("/jobs");
  await expect(page, "it is no longer the default").toHaveURL(list);
  await page.goto(`/settings/views?organizationId=${org.id}`);
  await page.getByLabel("Delete Running", { exact: true }).click();
  await page.getByRole("button", { name: "Delete view Running" }).click();
  await expect(page.getByRole("status").filter({ hasText: "View deleted." })).toBeVisible();
  await page.goto("/jobs");
  await expect(page).toHaveURL(list);
  await expect(views.getByRole("link")).toHaveText(["All jobs", "Now"]);
});

test("of a view with the order of Now and Now itself, only the view is current", async ({
  page,
  org,
  member,
}) => {
  await org.add({ status: "running" });
  await insertSavedView(org.id, member.id, { name: "Mine", query: "status=running&sort=now" });
  await page.goto(`/jobs?organizationId=${org.id}&status=running&sort=now`);
  const views = page.getByRole("navigation", { name: "Views" });
  await expect(views.locator("[aria-current]")).toHaveText(["Mine"]);
  await page.goto(`/jobs?organizationId=${org.id}&sort=now`);
  await expect(views.locator("[aria-current]")).toHaveText(["Now"]);
});

test("what is wrong with a view is said on the jobs page, with the name as it was typed", async ({
  page,
  org,
  member,
}) => {
  await org.add({ status: "failed" });
  for (let at = 0; at < 20; at++) await insertSavedView(org.id, member.id, { name: `View ${at}` });
  await page.goto(`/jobs?organizationId=${org.id}&status=failed&sort=name`);
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByLabel("Name", { exact: true }).fill("One more");
  await page.getByRole("button", { name: "Save view" }).last().click();
  await expect(page.getByRole("alert").filter({ hasText: "You can save 20 views." })).toBeVisible();
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("One more");
});

test("the bounds hold for requests at once, and only what is valid is saved", async ({ org }) => {
  const person = await makePerson([org]);
  const caller = await Caller.as(person);
  const save = (name: string, query: string, more = {}) =>
    caller.tell("/settings/views/save", { organizationId: org.id, name, query, ...more });
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, at) => save(`View ${at}`, "status=failed", { isDefault: "true" })),
  );
  expect(answers.filter((answer) => answer === "200")).toHaveLength(20);
  expect(answers.filter((answer) => answer === "409 too_many_views")).toHaveLength(4);
  const views = await testDatabase
    .selectFrom("saved_views")
    .where("user_id", "=", person.id)
    .select(["id", "name", "is_default"])
    .execute();
  expect(views.filter((view) => view.is_default)).toHaveLength(1);
  const [one, other] = views;
  const update = (name = "") =>
    caller.tell("/settings/views/update", { organizationId: org.id, id: one?.id ?? "", name });
  expect(await update(other?.name)).toBe("409 view_name_taken");
  expect(await update("x".repeat(51))).toBe("400 invalid_name");
  expect(await save("View 1", "status=nonsense&page=3&organizationId=other")).toBe("400 invalid_query");
  expect(await save("View 1", "x".repeat(8_001))).toBe("400 invalid_query");
  // The longest address that the filters allow.
  const longest = new URLSearchParams({ q: "\u{10FFFD}".repeat(200).replaceAll("\u{10FFFD}", "\u{1F4DE}") });
  for (const name of ["agentId", "fromPhoneNumberId"]) longest.set(name, "\u{1F4DE}".repeat(128));
  expect(await save(other?.name ?? "", longest.toString())).toBe("200");
  await caller.request.dispose();
});

test("views are seen by nobody else, and end with the membership", async ({ page, context, makeOrg }) => {
  const [org, second] = [await makeOrg(), await makeOrg()];
  for (const one of [org, second]) await one.add({ status: "failed" });
  const [person, colleague] = [await makePerson([org, second]), await makePerson([org])];
  const id = await insertSavedView(org.id, person.id, { name: "Canary", is_default: true });
  await signIn(context, colleague);
  for (const path of [
    `/jobs?organizationId=${org.id}`,
    `/settings/views?organizationId=${org.id}`,
    "/jobs",
  ]) {
    await page.goto(path);
    expect(await page.content(), path).not.toMatch(/Canary|status=failed&/);
  }
  const caller = await Caller.as(colleague);
  for (const path of ["update", "delete"]) {
    const ask = async (view: string) => {
      const response = await caller.post(`/settings/views/${path}`, {
        organizationId: org.id,
        id: view,
        name: "Mine",
      });
      return [response.status(), await response.text()];
    };
    expect(await ask(id)).toEqual(await ask("absent"));
  }
  await caller.request.dispose();
  // Their own, in another organization, is another list, too.
  await context.clearCookies();
  await signIn(context, person);
  await page.goto(`/jobs?organizationId=${second.id}`);
  await expect(page.getByRole("row")).toHaveCount(2);
  expect(await page.content()).not.toContain("Canary");
  await page.goto(`/jobs?organizationId=${org.id}`);
  await expect(page.getByRole("link", { name: "Canary (default)" })).toBeVisible();

  await testDatabase
    .deleteFrom("memberships")
    .where("user_id", "=", person.id)
    .where("organization_id", "=", org.id)
    .execute();
  await insertMembership(org.id, person.id);
  await page.goto(`/jobs?organizationId=${org.id}`);
  await expect(page.getByRole("row")).toHaveCount(2);
  expect(await page.content()).not.toContain("Canary");
});
