import { insertPhoneNumber, testDatabase } from "@/db/fixtures";
import { expect, makePerson, type Organization, signIn, test } from "./fixtures";
import { Caller } from "./people";

// The phone numbers of an organization, and its limit of concurrent calls.

const address = (org: Organization) => `/settings/phone-numbers?organizationId=${org.id}`;

const numbersOf = (org: Organization) =>
  testDatabase
    .selectFrom("phone_numbers")
    .where("organization_id", "=", org.id)
    .select(["id", "phone_number", "agent_id", "label"])
    .execute();

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "in a browser" : "in a browser without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("an admin adds, changes and removes a number", async ({ page, org }) => {
      await signIn(page.context(), await makePerson([org], { role: "admin" }));
      await page.goto(address(org));
      await expect(page.getByText("No phone numbers yet")).toBeVisible();
      await page.getByLabel("Phone number", { exact: true }).fill("+1 (202) 555-0100");
      await page.getByLabel("ID", { exact: true }).fill("phone_sales");
      await page.getByLabel("Agent ID").fill("agent_1");
      await page.getByRole("button", { name: "Add phone number" }).click();
      await expect(page.getByText("Phone number added.")).toBeVisible();
      await expect(page.getByText("No agent")).toHaveCount(0);
      expect(await numbersOf(org)).toEqual([
        { id: "phone_sales", phone_number: "+12025550100", agent_id: "agent_1", label: null },
      ]);

      await page.getByLabel("Edit +12025550100", { exact: true }).click();
      const row = page.getByRole("listitem").filter({ hasText: "+12025550100" });
      await row.getByLabel("Agent ID").fill("agent_2");
      await row.getByLabel("Label").fill("Sales");
      await page.getByRole("button", { name: "Save +12025550100" }).click();
      await expect(page.getByText("Phone number changed.")).toBeVisible();
      expect(await numbersOf(org)).toMatchObject([{ agent_id: "agent_2", label: "Sales" }]);

      await page.getByLabel("Remove +12025550100", { exact: true }).click();
      await expect(page.getByText(/Jobs that already use it keep their agent and continue/)).toBeVisible();
      await page.getByRole("button", { name: "Remove phone number +12025550100" }).click();
      await expect(page.getByText("Phone number removed.")).toBeVisible();
      expect(await numbersOf(org)).toEqual([]);
    });
  });
}

test("a number that is added without an agent is said to be unusable", async ({ page, org }) => {
  await signIn(page.context(), await makePerson([org], { role: "owner" }));
  await page.goto(address(org));
  await page.getByLabel("Phone number", { exact: true }).fill("+12025550100");
  await page.getByLabel("ID", { exact: true }).fill("phone_sales");
  await page.getByRole("button", { name: "Add phone number" }).click();
  await expect(page.getByText("batch jobs can’t call from it yet: it has no agent")).toBeVisible();
  await expect(page.getByText("No agent, so batch jobs can’t call from it")).toBeVisible();
});

test("the organization's limit of concurrent calls is 5 until it is changed", async ({ page, org }) => {
  await signIn(page.context(), await makePerson([org], { role: "owner" }));
  await page.goto(address(org));
  await expect(page.getByLabel("Limit")).toHaveValue("5");
  await page.getByLabel("Limit").fill("12");
  await page.getByRole("button", { name: "Save limit" }).click();
  await expect(page.getByText("Limit changed.")).toBeVisible();
  await expect(page.getByLabel("Limit")).toHaveValue("12");
});

test("a member sees the numbers and can't change them", async ({ page, org, member }) => {
  await insertPhoneNumber(org.id, { label: `Label seen by ${member.id}` });
  await page.goto(address(org));
  await expect(page.getByText(`Label seen by ${member.id}`)).toBeVisible();
  await expect(page.getByText("Only owners and admins can change them.")).toBeVisible();
  await expect(page.getByRole("button", { name: /Add|Save|Remove/ })).toHaveCount(0);
});

for (const [wrong, code, path = "create"] of [
  [{ phoneNumber: "" }, "400 invalid_phone_number"],
  [{ phoneNumber: "12025550100" }, "400 invalid_phone_number"],
  [{ phoneNumber: "+12345" }, "400 invalid_phone_number"],
  [{ phoneNumber: "+1٢025550100" }, "400 invalid_phone_number"],
  [{ id: "" }, "400 invalid_id"],
  [{ id: "a b" }, "400 invalid_id"],
  [{ id: "x".repeat(129) }, "400 invalid_id"],
  [{ agentId: "x".repeat(129) }, "400 invalid_agent_id"],
  [{ agentId: "\0" }, "400 invalid_agent_id"],
  [{ label: "x".repeat(201) }, "400 invalid_label"],
  [{ id: "phone_taken" }, "409 phone_number_exists"],
  [{ id: "phone_none" }, "404 phone_number_not_found", "update"],
  [{ id: "phone_none" }, "404 phone_number_not_found", "remove"],
  [{ limit: "0" }, "400 invalid_limit", "set-limit"],
  [{ limit: "1001" }, "400 invalid_limit", "set-limit"],
  [{ limit: "1e2" }, "400 invalid_limit", "set-limit"],
] as [Record<string, string>, string, string?][]) {
  test(`${path} with ${JSON.stringify(wrong).slice(0, 50)} is ${code}`, async ({ org }) => {
    await insertPhoneNumber(org.id, { id: "phone_taken" });
    const caller = await Caller.as(await makePerson([org], { role: "owner" }));
    const form = { organizationId: org.id, id: "phone_new", phoneNumber: "+12025550100", ...wrong };
    expect(await caller.tell(`/settings/phone-numbers/${path}`, form)).toBe(code);
    expect(await numbersOf(org)).toHaveLength(1);
    await caller.request.dispose();
  });
}
