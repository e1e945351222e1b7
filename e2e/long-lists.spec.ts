import { sql } from "kysely";
import { testDatabase, uniqueId } from "@/db/fixtures";
import type { Database } from "@/db/schema";
import { expect, makePerson, signIn, test } from "./fixtures";
import { Caller } from "./people";

// Lists that grow with an organization or a person are shown in pages, and can be searched.

/** Makes so many organizations and a person who owns them all; their names are Branch 1 to Branch `count` of `prefix`. */
async function makeOwnerOf(count: number) {
  const prefix = uniqueId("org");
  const user = await makePerson();
  await sql`
    with made as (
      insert into organizations (id, name)
      select ${prefix}::text || '_' || n, 'Branch ' || n || ' of ' || ${prefix}::text from generate_series(1, ${count}::int) as n
      returning id
    )
    insert into memberships (organization_id, user_id, role) select id, ${user.id}, 'owner' from made
  `.execute(testDatabase);
  return { user, prefix };
}

test.describe("a person in ten thousand organizations", () => {
  test.use({ javaScriptEnabled: false });

  test("has a short menu, in which they search and switch by keyboard, without JavaScript", async ({
    page,
    context,
    org,
  }) => {
    const { user, prefix } = await makeOwnerOf(10_000);
    await signIn(context, user);
    const first = await page.goto(`/jobs?organizationId=${prefix}_9876&status=failed&page=3`);
    expect(first?.status(), "one far down the list").toBe(200);
    expect((await first?.body())?.length).toBeLessThan(150_000);

    await page.getByRole("button", { name: `Organization menu: Branch 9876 of ${prefix}` }).focus();
    await page.keyboard.press("Enter");
    const field = page.getByRole("searchbox", { name: "Find organization" });
    await expect(field).toBeVisible();
    await expect(page.getByRole("link", { name: "All organizations" })).toBeVisible();
    await field.fill("BRANCH 77");
    await field.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Organizations");
    await expect(page.getByText(/^1–50 of 111/)).toBeVisible();
    await page.getByRole("link", { name: "Next", exact: true }).click();
    await expect(page.getByText(/^51–100 of 111/)).toBeVisible();
    const search = page.getByRole("searchbox", { name: "Search by name or ID" });
    await expect(search).toHaveValue("BRANCH 77");
    await search.fill(`${prefix}_7777`);
    await search.press("Enter");
    await page.getByRole("link", { name: `Branch 7777 of ${prefix}` }).click();
    await expect(page, "the same filters, the first page").toHaveURL(
      `/jobs?organizationId=${prefix}_7777&status=failed`,
    );

    await page.goto("/jobs");
    await expect(page, "the one used last").toHaveURL(`/jobs?organizationId=${prefix}_7777`);
    await page.goto(`/organizations?search=${org.id}`);
    await expect(page.getByText(`No organizations match “${org.id}”.`), "not theirs").toBeVisible();
    for (const [odd, found] of [
      ["%", false],
      ["_1000", true],
      ["\0", true],
      ["'", false],
    ] as const) {
      await page.goto(`/organizations?search=${encodeURIComponent(odd)}&page=x`);
      await expect(page.getByText("No organizations match"), odd).toHaveCount(found ? 0 : 1);
    }
    await page.goto("/organizations?page=999999");
    await expect(page.getByText(/^No results on this page/)).toBeVisible();
    await page.goto("/organizations?to=//evil.example/");
    await expect(page.locator('a[href*="evil"]')).toHaveCount(0);
    await expect(page.locator('a[href^="/jobs?organizationId="]')).toHaveCount(50);
  });
});

test("access and roles also hold in organizations beyond the first ones, from the next request on", async ({
  org,
}) => {
  const { user, prefix } = await makeOwnerOf(30);
  const caller = await Caller.as(user);
  const status = async (organizationId: string) =>
    (await caller.request.get(`/jobs?organizationId=${organizationId}`)).status();
  const rename = (organizationId: string) =>
    caller.tell("/settings/organization/rename", { organizationId, name: "Renamed" });
  const far = `${prefix}_30`;
  expect(await status(far)).toBe(200);
  expect(await status(org.id)).toBe(404);
  expect(await status(`${prefix}_31`)).toBe(404);
  expect(await rename(far)).toBe("200");
  expect(await rename(org.id)).toBe("404 organization_not_found");
  const membership = (given: Database["memberships"]["role"]) =>
    testDatabase.updateTable("memberships").set({ role: given }).where("organization_id", "=", far).execute();
  await membership("member");
  expect(await rename(far)).toBe("403 owners_only");
  await testDatabase.deleteFrom("memberships").where("organization_id", "=", far).execute();
  expect(await status(far)).toBe(404);
  expect(await rename(far)).toBe("404 organization_not_found");
  await caller.request.dispose();
});

test("members and invitations are shown fifty at a time, and found by name and address", async ({
  page,
  context,
  org,
}) => {
  const prefix = uniqueId("m");
  await sql`
    with made as (
      insert into users (id, email, name, password_hash)
      select ${prefix}::text || n, ${prefix}::text || n || '@example.com', 'Member ' || n, 'none' from generate_series(1, 300) as n
      returning id
    )
    insert into memberships (organization_id, user_id, role) select ${org.id}, id, 'member' from made
  `.execute(testDatabase);
  await sql`
    insert into invitations (id, organization_id, email, role, token_hash, expires_at)
    select ${prefix}::text || n, ${org.id}, 'invited' || n || '@example.com', 'member', sha256(${prefix}::bytea || n::text::bytea),
      now() + interval '1 day'
    from generate_series(1, 120) as n
  `.execute(testDatabase);
  await signIn(context, await makePerson([org], { role: "owner", name: "Olga Owner" }));
  const address = `/settings/members?organizationId=${org.id}`;
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "301 members" })).toBeVisible();
  expect(await page.getByRole("combobox", { name: /^Role of / }).count()).toBe(49);
  await expect(page.getByText("70 more not shown. Search by email to find them.")).toBeVisible();
  await page.getByRole("link", { name: "Last", exact: true }).click();
  await expect(page.getByText(/^301–301 of 301/)).toBeVisible();
  const search = page.getByRole("searchbox", { name: "Search by name or email" });
  await search.fill("member 277");
  await search.press("Enter");
  await expect(page.getByRole("heading", { name: "1 member found" })).toBeVisible();
  await page.getByRole("combobox", { name: "Role of Member 277" }).selectOption("admin");
  await page.getByRole("button", { name: "Change role of Member 277" }).click();
  await expect(page.getByText("Role changed.")).toBeVisible();
  await search.fill("INVITED120@");
  await search.press("Enter");
  await page.getByRole("button", { name: "Cancel invitation for invited120@example.com" }).click();
  await expect(page.getByText("Invitation cancelled.")).toBeVisible();
  await page.goto(`${address}&search=nobody`);
  await expect(page.getByText("No members match “nobody”.")).toBeVisible();
});
