import type { Page } from "@playwright/test";
import { batchJobStatuses } from "@/lib/batch-jobs/schema";
import { expect, makePerson, type Organization, signIn } from "./fixtures";

export interface PageCase {
  name: string;
  /** Brings the browser to the page, as who sees it. */
  open(page: Page, orgs: Record<"full" | "empty", Organization>): Promise<void>;
}

const asMember = async (page: Page, orgs: Record<"full" | "empty", Organization>, path: string) => {
  await signIn(page.context(), await makePerson([orgs.full, orgs.empty]));
  await page.goto(path);
};
const jobs = (org: Organization, more = "") => `/jobs?organizationId=${org.id}${more}`;

/** Every page there is, in each of its states. */
export const everyPage: PageCase[] = [
  { name: "sign-in", open: async (page) => void (await page.goto("/sign-in")) },
  {
    name: "sign-in, refused",
    open: async (page) => void (await page.goto("/sign-in?error=wrong_credentials&callbackUrl=/jobs")),
  },
  { name: "jobs", open: (page, orgs) => asMember(page, orgs, jobs(orgs.full)) },
  {
    name: "jobs, filtered, on the last page",
    open: (page, orgs) =>
      asMember(page, orgs, jobs(orgs.full, "&status=failed,completed,running&pageSize=3&page=6")),
  },
  {
    name: "jobs, with notices",
    open: (page, orgs) => asMember(page, orgs, jobs(orgs.full, "&status=x&page=y")),
  },
  { name: "jobs, past the end", open: (page, orgs) => asMember(page, orgs, jobs(orgs.full, "&page=99")) },
  { name: "jobs, none yet", open: (page, orgs) => asMember(page, orgs, jobs(orgs.empty)) },
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
      await page.getByRole("button", { name: /^Account of/ }).click();
    },
  },
  {
    name: "jobs, not theirs",
    open: (page, orgs) => asMember(page, orgs, "/jobs?organizationId=org_of_nobody"),
  },
  { name: "display", open: (page, orgs) => asMember(page, orgs, "/settings/display") },
  { name: "404", open: async (page) => void (await page.goto("/nothing/here")) },
];

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
      name: "On its way",
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

/** Whether nothing is wider than the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(excess).toBeLessThanOrEqual(0);
}
