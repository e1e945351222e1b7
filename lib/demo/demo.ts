import type { Operator } from "../access/operator";
import { Viewer } from "../access/viewer";
import { createApiKey } from "../api-keys/create";
import { visibleParts } from "../api-keys/format";
import { isUsable, listApiKeys } from "../api-keys/list";
import { writeBatchJobs } from "../batch-jobs/write";
import { database, provideDatabase } from "../database/database";
import { addMember } from "../members/add";
import { createOrganization } from "../organizations/create";
import { listOrganizations } from "../organizations/list";
import { createUser } from "../users/create";
import {
  documentedJobs,
  documentedJobsChangedAt,
  documentedOrganizationId,
  firstJobs,
  secondOrganizationId,
} from "./jobs";

export const demoOrganizationId = documentedOrganizationId;
export const demoEmail = "demo@example.com";

/**
 * Fills an empty database for trying out: the organization of the contract's examples with 47 jobs, and a
 * second one, of which the demo's person is a member too, but which the demo key must never see. All of it
 * or nothing; nothing when there is any organization.
 */
export async function seedDemo(
  operator: Operator,
  secrets: { demoApiKey: string; demoPassword: string },
): Promise<void> {
  const whole = database();
  try {
    await whole.transaction().execute(async (transaction) => {
      provideDatabase(transaction);
      if ((await listOrganizations(operator)).length === 0) await fill(operator, secrets);
    });
  } finally {
    provideDatabase(whole);
  }
}

async function fill(
  operator: Operator,
  secrets: { demoApiKey: string; demoPassword: string },
): Promise<void> {
  await createOrganization(operator, { id: demoOrganizationId, name: "Brightline Insurance" });
  const demo = await Viewer.fromOperator(operator, demoOrganizationId);
  const now = new Date();
  await writeBatchJobs(demo, database(), documentedJobs, documentedJobsChangedAt);
  await writeBatchJobs(demo, database(), firstJobs(demoOrganizationId, now));
  await createUser(demo, {
    email: demoEmail,
    name: "Demo Owner",
    role: "owner",
    password: secrets.demoPassword,
  });
  await createApiKey(demo, { name: "Demo", expiry: { days: 365 } }, { key: secrets.demoApiKey });

  await createOrganization(operator, { id: secondOrganizationId, name: "Harbor Dental Group" });
  const second = await Viewer.fromOperator(operator, secondOrganizationId);
  await writeBatchJobs(second, database(), firstJobs(secondOrganizationId, now));
  await addMember(second, demoEmail, "owner");
}

/** Whether this database is that of a demo, whatever became of its key. */
export async function isDemo(operator: Operator): Promise<boolean> {
  const ids = (await listOrganizations(operator)).map(({ id }) => id);
  const demo = await database()
    .selectFrom("users")
    .select("id")
    .where("email", "=", demoEmail)
    .executeTakeFirst();
  return demo !== undefined && ids.includes(documentedOrganizationId) && ids.includes(secondOrganizationId);
}

/** What to show of the demo at each start; undefined when its key is revoked, expired or not there. */
export async function findDemo(
  operator: Operator,
  secrets: { demoApiKey: string; demoPassword: string },
): Promise<{ apiKey: string; password: string } | undefined> {
  const organizations = await listOrganizations(operator);
  if (!organizations.some(({ id }) => id === demoOrganizationId)) return undefined;
  const keys = await listApiKeys(await Viewer.fromOperator(operator, demoOrganizationId));
  const { start, lastFour } = visibleParts(secrets.demoApiKey);
  const isShown = keys.some((key) => isUsable(key) && key.start === start && key.lastFour === lastFour);
  return isShown ? { apiKey: secrets.demoApiKey, password: secrets.demoPassword } : undefined;
}
