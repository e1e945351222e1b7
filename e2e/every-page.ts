import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { sql } from "kysely";
import {
  insertApiKey,
  insertDialableJob,
  insertInvitation,
  insertPhoneNumber,
  insertSavedView,
  recount,
  testDatabase,
} from "@/db/fixtures";
import { batchJobStatuses } from "@/lib/batch-jobs/schema";
import { contactStatuses } from "@/lib/contacts/schema";
import { makeApiKey } from "./api-key";
import { expect, makePerson, type Organization, signIn } from "./fixtures";

export interface PageCase {
  name: string;
  /** Opens the page, signed in as someone who may see it. */
  open(page: Page, orgs: Record<"full" | "empty", Organization>): Promise<void>;
}

const asMember = async (page: Page, orgs: Record<"full" | "empty", Organization>, path: string) => {
  await signIn(page.context(), await makePerson([orgs.full, orgs.empty]));
  await page.goto(path);
};
const asOwner = async (page: Page, orgs: Record<"full" | "empty", Organization>, path: string) => {
  await signIn(page.context(), await makePerson([orgs.full, orgs.empty], { role: "owner" }));
  await page.goto(path);
};
/** Someone who is not signed in. Until there is an account, they would get the setup page instead. */
const asNobody = async (page: Page, path: string) => {
  await makePerson();
  await page.goto(path);
};
const settings = (page: string, org: Organization) => `/settings/${page}?organizationId=${org.id}`;
const jobs = (org: Organization, more = "") => `/jobs?organizationId=${org.id}${more}`;

const job = (org: Organization, id: string, more = "") => `/jobs/${id}?organizationId=${org.id}${more}`;

/** Every page there is, in each of its states. */
export const everyPage: PageCase[] = [
  { name: "sign-in", open: (page) => asNobody(page, "/sign-in") },
  {
    name: "sign-in, with a wrong password",
    open: (page) => asNobody(page, "/sign-in?error=wrong_credentials&callbackUrl=/jobs"),
  },
  {
    name: "organizations",
    open: (page, orgs) => asMember(page, orgs, "/organizations?to=/jobs"),
  },
  {
    name: "at another address of the server",
    open: (page) => asNobody(page, "/wrong-address?path=/sign-in"),
  },
  { name: "jobs", open: (page, orgs) => asMember(page, orgs, jobs(orgs.full)) },
  {
    name: "jobs, filtered, on the last page",
    open: (page, orgs) =>
      asMember(page, orgs, jobs(orgs.full, "&status=failed,completed,running&pageSize=3&page=4")),
  },
  {
    name: "jobs, with notices",
    open: (page, orgs) => asMember(page, orgs, jobs(orgs.full, "&status=x&page=y")),
  },
  { name: "jobs, past the end", open: (page, orgs) => asMember(page, orgs, jobs(orgs.full, "&page=99")) },
  {
    name: "jobs, with saved views and filters, in the filter menu",
    open: async (page, orgs) => {
      await saveView(page, orgs.full);
      await page.goto(
        jobs(orgs.full, "&q=2&status=failed,completed&created=lastMonth&completed=today&sort=name"),
      );
      await page.getByRole("button", { name: /^Filter/ }).click();
      await page.getByLabel("Started", { exact: true }).selectOption("custom");
    },
  },
  {
    name: "jobs, no match, with the export menu",
    open: async (page, orgs) => {
      await asMember(
        page,
        orgs,
        jobs(orgs.full, "&q=zebra&agentId=agent_x&createdFrom=2025-01-01T12:30:00Z"),
      );
      await page.getByRole("button", { name: "Export" }).click();
    },
  },
  {
    name: "saved views",
    open: async (page, orgs) => {
      await saveView(page, orgs.full);
      await page.goto(settings("views", orgs.full));
      await page.getByLabel("Edit Failed, by name").click();
      await page.getByLabel("Delete Failed, by name", { exact: true }).click();
    },
  },
  { name: "jobs, none yet", open: (page, orgs) => asMember(page, orgs, jobs(orgs.empty)) },
  {
    name: "jobs, none yet, as an owner who has a phone number",
    open: async (page, orgs) => {
      await insertPhoneNumber(orgs.empty.id);
      await asOwner(page, orgs, jobs(orgs.empty));
    },
  },
  {
    name: "new job, with errors",
    open: async (page, orgs) => {
      await insertPhoneNumber(orgs.full.id, {
        label: "Sales, with a long label that has to wrap on a phone",
      });
      await insertPhoneNumber(orgs.full.id);
      await asOwner(page, orgs, `/new-job?organizationId=${orgs.full.id}`);
      await page.getByLabel("Later, at a date and time").check();
      await page.locator("form[enctype]").evaluate((form: HTMLFormElement) => {
        form.noValidate = true;
        form.requestSubmit();
      });
      await page.getByText("Choose a CSV file.").waitFor();
    },
  },
  {
    name: "new job, without a phone number",
    open: (page, orgs) => asOwner(page, orgs, `/new-job?organizationId=${orgs.empty.id}`),
  },
  {
    name: "job just created, with skipped rows",
    open: async (page, orgs) => {
      await insertPhoneNumber(orgs.full.id);
      await asOwner(page, orgs, `/new-job?organizationId=${orgs.full.id}`);
      await page.getByLabel("Name").fill("New");
      const rows = Array.from({ length: 12 }, (_, at) => `${at}${"x".repeat(80)}`).join("\n");
      const buffer = Buffer.from(`phone\n+12025550101\n${rows}\n`);
      await page.getByLabel("CSV file").setInputFiles({ name: "x.csv", mimeType: "text/csv", buffer });
      await page.getByRole("button", { name: "Create batch job" }).click();
      await page.getByText("and 2 more").waitFor();
    },
  },
  {
    name: "jobs, no organization",
    open: async (page) => {
      await signIn(page.context(), await makePerson());
      await page.goto("/jobs");
    },
  },
  {
    name: "jobs, a menu open",
    open: async (page, orgs) => {
      await asMember(page, orgs, jobs(orgs.full));
      await page.getByRole("button", { name: /^Account menu/ }).click();
    },
  },
  {
    name: "jobs of another organization",
    open: (page, orgs) => asMember(page, orgs, "/jobs?organizationId=org_of_others"),
  },
  {
    name: "job, as an owner who cancels it",
    open: async (page, orgs) => {
      const id = await addVariedJob(orgs.full);
      await asOwner(page, orgs, job(orgs.full, id, "&action=cancel&contact=5"));
    },
  },
  {
    name: "job, as an admin who reschedules it, with an error",
    open: async (page, orgs) => {
      const id = await insertDialableJob(orgs.full.id, 3, {
        status: "scheduled",
        scheduled_start_time: new Date(Date.now() - 3_600_000),
        schedule_time_zone: "America/New_York",
      });
      await asOwner(page, orgs, job(orgs.full, id, "&action=reschedule&error=past_scheduled_time"));
    },
  },
  {
    name: "job, as a member, filtered without a match",
    open: async (page, orgs) => {
      const id = await addVariedJob(orgs.full);
      await asMember(page, orgs, job(orgs.full, id, "&status=busy&q=nobody"));
    },
  },
  {
    name: "job that was imported",
    open: async (page, orgs) => {
      const name = "x".repeat(200);
      const [id = ""] = await orgs.full.add({ name, description: "y".repeat(1_000), status: "failed" });
      await asMember(page, orgs, job(orgs.full, id, "&status=x"));
    },
  },
  {
    name: "API keys, as an owner",
    open: async (page, orgs) => {
      await fillSettings(orgs.full);
      await asOwner(page, orgs, settings("api-keys", orgs.full));
      await page.getByText(/expired or revoked keys?/).click();
    },
  },
  {
    name: "API keys, one just created",
    open: async (page, orgs) => {
      await asOwner(page, orgs, settings("api-keys", orgs.empty));
      await page.getByLabel("Name").fill("Reporting, production");
      await page.getByLabel("Expires").selectOption("never");
      await page.getByRole("button", { name: "Create API key" }).click();
      await page.getByRole("heading", { name: "Copy your new API key" }).waitFor();
    },
  },
  {
    name: "API keys, with a form error",
    open: (page, orgs) => asOwner(page, orgs, `${settings("api-keys", orgs.full)}&error=invalid_name`),
  },
  {
    name: "API key, rotated and still in use",
    open: async (page, orgs) => {
      const { rotating } = await fillSettings(orgs.full);
      await asOwner(page, orgs, settings(`api-keys/${rotating}`, orgs.full));
    },
  },
  {
    name: "API key, about to expire",
    open: async (page, orgs) => {
      const { expiring } = await fillSettings(orgs.full);
      await asOwner(page, orgs, settings(`api-keys/${expiring}`, orgs.full));
    },
  },
  {
    name: "phone numbers, as an owner",
    open: async (page, orgs) => {
      const label = "Sales, with a long label that has to wrap on a phone";
      await insertPhoneNumber(orgs.full.id, { label });
      await insertPhoneNumber(orgs.full.id, { phone_number: "+442079460000", agent_id: null });
      await asOwner(page, orgs, settings("phone-numbers", orgs.full));
      await page.getByLabel("Remove +12025550100", { exact: true }).first().click();
      await page.getByLabel("Edit +442079460000", { exact: true }).first().click();
    },
  },
  {
    name: "phone numbers, none yet",
    open: (page, orgs) => asOwner(page, orgs, settings("phone-numbers", orgs.empty)),
  },
  {
    name: "members, as an owner",
    open: async (page, orgs) => {
      await fillSettings(orgs.full);
      await asOwner(page, orgs, settings("members", orgs.full));
      await page.getByLabel("Remove Bo Member", { exact: true }).click();
    },
  },
  {
    name: "members, an invitation just created",
    open: async (page, orgs) => {
      await asOwner(page, orgs, settings("members", orgs.empty));
      await page.getByLabel("Email address").fill(`${orgs.empty.id}@example.com`);
      await page.getByRole("button", { name: "Invite" }).click();
      await page.getByRole("heading", { name: "Share this link" }).waitFor();
    },
  },
  {
    name: "members, as a member",
    open: (page, orgs) => asMember(page, orgs, settings("members", orgs.full)),
  },
  {
    name: "organization, as an owner",
    open: (page, orgs) => asOwner(page, orgs, settings("organization", orgs.full)),
  },
  { name: "account", open: (page, orgs) => asMember(page, orgs, "/settings/account") },
  {
    name: "jobs, as an owner whose keys expire",
    open: async (page, orgs) => {
      await fillSettings(orgs.full);
      await asOwner(page, orgs, jobs(orgs.full));
    },
  },
  {
    name: "join, as a new person",
    open: async (page, orgs) => {
      const { token } = await fillSettings(orgs.full);
      await page.goto(`/join?token=${token}`);
    },
  },
  {
    name: "join, signed in as someone else",
    open: async (page, orgs) => {
      const { token } = await fillSettings(orgs.full);
      await asMember(page, orgs, `/join?token=${token}`);
    },
  },
  { name: "join, no longer valid", open: (page) => asNobody(page, "/join?token=x") },
  { name: "display", open: (page, orgs) => asMember(page, orgs, "/settings/display") },
  {
    name: "API reference, with an operation and an example open",
    open: async (page) => {
      await page.goto("/docs");
      await page.getByText("Create a job").first().click();
      await page.locator("#operations-Batch_jobs-createBatchJob .opblock-summary-control").click();
      await page.getByRole("button", { name: "Execute" }).waitFor();
    },
  },
  { name: "404", open: async (page) => void (await page.goto("/nothing/here")) },
];

/** Signs in as a member with a saved view. */
async function saveView(page: Page, org: Organization): Promise<void> {
  const person = await makePerson([org]);
  await signIn(page.context(), person);
  await insertSavedView(org.id, person.id, {
    name: "Failed, by name",
    query: "status=failed&sort=name",
    is_default: true,
  });
}

/** An organization in which everything that a row can show is shown. */
export async function fill(org: Organization): Promise<void> {
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const long = "A name that is as long as names of campaigns sometimes are, without any need for it";
  await org.add(
    { name: "Overdue", status: "scheduled", scheduled_start_time: ago(50) },
    {
      name: "Stalled",
      status: "running",
      actual_start_time: ago(90),
      updated_at: ago(30),
      total_contacts: 9_000,
      contacts_processed: 4_000,
      successful_calls: 3_000,
      failed_calls: 900,
    },
    {
      name: "On track",
      status: "running",
      actual_start_time: ago(9),
      total_contacts: 900,
      contacts_processed: 400,
      successful_calls: 300,
      failed_calls: 90,
    },
    {
      name: long,
      description: `${long}. `.repeat(8),
      status: "completed",
      total_contacts: 12_000_000,
      contacts_processed: 12_000_000,
      successful_calls: 11_000_000,
      failed_calls: 1_000_000,
      actual_start_time: ago(9e5),
      completed_at: ago(8e5),
      created_at: ago(1e6),
    },
    { name: "x".repeat(200), description: "y".repeat(1_000), id: `${org.id}_${"z".repeat(100)}` },
    ...batchJobStatuses.flatMap((status) => [
      { name: `${status} 1`, status },
      { name: `${status} 2`, status, description: "Follow up" },
    ]),
  );
}

/** A running job with contacts of every status, of which the fifth has been called. @returns its id. */
export async function addVariedJob(org: Organization): Promise<string> {
  const id = await insertDialableJob(org.id, 60, {
    name: "January Renewal Campaign",
    description: "Follow up on expiring subscriptions",
    status: "running",
    actual_start_time: new Date(Date.now() - 9 * 60_000),
  });
  const ofJob = sql`organization_id = ${org.id} and batch_job_id = ${id}`;
  await sql`
    update batch_contacts
    set status = (${contactStatuses}::text[])[position / 4],
      attempt_count = 2,
      last_attempt_at = now() - interval '7 minutes',
      next_retry_at = case when position / 4 between 5 and 7 then now() + interval '23 minutes' end,
      call_duration = case when position / 4 = 4 then 60 + position end,
      error_code = case when position / 4 > 4 then '480' end,
      failure_reason = case when position / 4 > 7 then 'The number is not in service any more, says the carrier' end,
      contact_data = contact_data || case when position = 5 then jsonb_build_object('name', repeat('Long ', 20), repeat('field_', 30), repeat('value', 99)) else '{}' end
    where ${ofJob} and position between 4 and 51
  `.execute(testDatabase);
  await sql`
    insert into batch_calls (
      organization_id, id, batch_job_id, position, phone_number, attempt, previous_status, dialer, claimed_at, lease_until,
      dialing_at, ended_at, result, error_code, failure_reason, room_name
    )
    select ${org.id}, 'call_' || attempt, ${id}, 5, '+12020000005', attempt, 'pending', 'dialer-1', now() - interval '8 minutes', now(),
      case when attempt > 1 then now() - interval '8 minutes' end, now(),
      case when attempt > 1 then 'busy' else 'lapsed' end, '486', 'Busy here', repeat('room', 50)
    from generate_series(1, 2) as attempt
  `.execute(testDatabase);
  await recount(org.id);
  return id;
}

/** Keys in every state, people of every role, and an invitation, whose link has the token. */
async function fillSettings(org: Organization) {
  const from = (days: number) => new Date(Date.now() + days * 86_400_000);
  const ana = await makePerson([org], { role: "admin", name: "Ana Admin" });
  await makePerson([org], { name: "Bo Member" });
  await makePerson([org], { name: `A very long name ${"x".repeat(160)}` });
  const successor = await insertApiKey(org.id, makeApiKey(), { name: "Nightly" });
  const rotating = await insertApiKey(org.id, makeApiKey(), {
    name: "Nightly",
    expires_at: from(1),
    successor_id: successor,
    created_at: from(-30),
    rotated_at: from(-0.2),
    last_used_at: from(-0.1),
    created_by_user_id: ana.id,
  });
  const expiring = await insertApiKey(org.id, makeApiKey(), { name: "x".repeat(50), expires_at: from(5) });
  await insertApiKey(org.id, makeApiKey(), { name: "Soon", expires_at: from(12) });
  await insertApiKey(org.id, makeApiKey(), { name: "Gone", revoked_at: from(-1) });
  const token = randomBytes(32).toString("base64url");
  await insertInvitation(org.id, token, { invited_by_user_id: ana.id });
  await insertInvitation(org.id, randomBytes(32).toString("base64url"), { expires_at: from(-1) });
  return { rotating, expiring, token };
}

/** Whether nothing is wider than the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(excess).toBeLessThanOrEqual(0);
}
