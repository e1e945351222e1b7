import { randomBytes } from "node:crypto";
import path from "node:path";
import { type Insertable, sql } from "kysely";
import {
  insertApiKey,
  insertInvitation,
  insertMembership,
  insertOrganization,
  testDatabase,
} from "@/db/fixtures";
import type { Database } from "@/db/schema";
import { makeApiKey } from "./api-key";
import { expect, makePerson, signIn, test } from "./fixtures";

// `npm run screenshots` takes the pictures of the README. `npm test` leaves it out (playwright.config.ts):
// pictures differ with a machine's fonts, and nobody wants them to change with every run.

const folder = path.resolve(import.meta.dirname, "screenshots");
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

/** What a calling team's list might look like on some morning. */
const jobs: Partial<Insertable<Database["batch_jobs"]>>[] = [
  {
    name: "Spring Renewals, second round",
    description: "Call again whoever asked for time until April",
    status: "scheduled",
    total_contacts: 350,
    created_at: minutes(-3),
    scheduled_start_time: minutes(95),
  },
  {
    name: "January Renewal Campaign",
    description: "Follow up on expiring subscriptions",
    status: "running",
    total_contacts: 1_000,
    contacts_processed: 420,
    successful_calls: 352,
    failed_calls: 68,
    created_at: minutes(-150),
    actual_start_time: minutes(-42),
  },
  {
    name: "Delivery Notices Northeast",
    description: "Announce the delivery window for large items",
    status: "running",
    total_contacts: 120,
    contacts_processed: 87,
    successful_calls: 61,
    failed_calls: 26,
    created_at: minutes(-260),
    actual_start_time: minutes(-74),
    updated_at: minutes(-23),
  },
  {
    name: "Webinar Invitations",
    description: "Invite leads to the product webinar",
    status: "scheduled",
    total_contacts: 2_500,
    created_at: minutes(-1_300),
    scheduled_start_time: minutes(-35),
  },
  {
    name: "Payment Reminders",
    status: "completed",
    total_contacts: 50,
    contacts_processed: 50,
    successful_calls: 45,
    failed_calls: 5,
    created_at: minutes(-1_500),
    actual_start_time: minutes(-1_485),
    completed_at: minutes(-1_460),
  },
  {
    name: "Lead Qualification Ontario",
    description: "Ask new leads about team size and timing",
    status: "pending",
    total_contacts: 800,
    created_at: minutes(-1_700),
  },
  {
    name: "Satisfaction Survey",
    description: "Three questions after a closed support case",
    status: "failed",
    total_contacts: 200,
    contacts_processed: 146,
    successful_calls: 26,
    failed_calls: 120,
    created_at: minutes(-3_100),
    actual_start_time: minutes(-3_090),
    completed_at: minutes(-3_050),
  },
  {
    name: "Win-Back Calls",
    description: "Invite former customers back with the current offer",
    status: "cancelled",
    total_contacts: 5_000,
    contacts_processed: 1_210,
    successful_calls: 905,
    failed_calls: 305,
    created_at: minutes(-4_500),
    actual_start_time: minutes(-4_400),
    completed_at: minutes(-4_250),
  },
];

for (const [name, colorScheme, viewport] of [
  ["desktop-light", "light", { width: 1280, height: 860 }],
  ["desktop-dark", "dark", { width: 1280, height: 860 }],
  ["phone-light", "light", { width: 390, height: 844 }],
  ["phone-dark", "dark", { width: 390, height: 844 }],
] as const) {
  test.describe(name, () => {
    test.use({
      timezoneId: "Europe/Berlin",
      colorScheme,
      viewport,
      deviceScaleFactor: viewport.width < 500 ? 2 : 1,
    });

    test("the jobs page", async ({ page, context, makeOrg }) => {
      const org = await makeOrg();
      await sql`update organizations set name = 'Brightline Insurance' where id = ${org.id}`.execute(
        testDatabase,
      );
      const person = await makePerson([org]);
      await insertMembership(await insertOrganization(), person.id);
      await org.add(...jobs);
      await signIn(context, person, "Europe/Berlin");
      await page.goto(`/jobs?organizationId=${org.id}`);
      await expect(page.getByText(/^Updated/)).toBeVisible();
      await page.screenshot({ path: path.join(folder, `jobs-${name}.png`) });
    });

    test("the page of API keys", async ({ page, context, makeOrg }) => {
      test.skip(viewport.width < 500, "the README shows it on a desktop");
      const org = await makeOrg();
      await sql`update organizations set name = 'Brightline Insurance' where id = ${org.id}`.execute(
        testDatabase,
      );
      await sql`delete from api_keys where organization_id = ${org.id}`.execute(testDatabase);
      const owner = await makePerson([org], { role: "owner", name: "Olga Owner" });
      const ana = await makePerson([], { name: "Ana Rossi" });
      const day = 24 * 60;
      const dialer = {
        name: "Dialer dashboard",
        created_at: minutes(-80 * day),
        created_by_user_id: owner.id,
      };
      const successor = await insertApiKey(org.id, makeApiKey(), {
        ...dialer,
        created_at: minutes(-50),
        expires_at: minutes(90 * day),
        last_used_at: minutes(-1),
      });
      await insertApiKey(org.id, makeApiKey(), {
        ...dialer,
        expires_at: minutes(day - 50),
        successor_id: successor,
        rotated_at: minutes(-50),
        last_used_at: minutes(-4),
      });
      await insertApiKey(org.id, makeApiKey(), {
        name: "CRM sync",
        created_at: minutes(-84 * day),
        expires_at: minutes(6 * day),
        last_used_at: minutes(-12),
        created_by_user_id: ana.id,
      });
      await insertApiKey(org.id, makeApiKey(), {
        name: "Old report",
        created_at: minutes(-200 * day),
        revoked_at: minutes(-90 * day),
      });
      await signIn(context, owner, "Europe/Berlin");
      await page.goto(`/settings/api-keys?organizationId=${org.id}`);
      await page.getByLabel("Name").fill("Weekly report");
      await page.getByRole("button", { name: "Create API key" }).click();
      await expect(page.getByRole("heading", { name: "Copy your new API key" })).toBeVisible();
      await page.screenshot({ path: path.join(folder, `api-keys-${name}.png`) });
    });

    test("the page of members", async ({ page, context, makeOrg }) => {
      test.skip(viewport.width > 500, "the README shows it on a phone");
      const org = await makeOrg();
      await sql`update organizations set name = 'Brightline Insurance' where id = ${org.id}`.execute(
        testDatabase,
      );
      const owner = await makePerson([org], { role: "owner", name: "Olga Owner" });
      await makePerson([org], { role: "admin", name: "Ana Rossi" });
      await makePerson([org], { name: "Bo Lindqvist" });
      await insertInvitation(org.id, "x".repeat(43), {
        email: `chris.${name}@example.com`,
        token_hash: randomBytes(32),
        invited_by_user_id: owner.id,
      });
      await signIn(context, owner, "Europe/Berlin");
      await page.goto(`/settings/members?organizationId=${org.id}`);
      await page.screenshot({ path: path.join(folder, `members-${name}.png`) });
    });
  });
}
