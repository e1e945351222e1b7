import type { Operator } from "../access/operator";
import { apiKeyScopes } from "../access/permissions";
import { Viewer } from "../access/viewer";
import { createApiKey } from "../api-keys/create";
import { visibleParts } from "../api-keys/format";
import { isUsable, listApiKeys } from "../api-keys/list";
import { writeBatchJobs } from "../batch-jobs/write";
import { database, provideDatabase } from "../database/database";
import { addMember } from "../members/add";
import { createOrganization } from "../organizations/create";
import { listOrganizations } from "../organizations/list";
import { createPhoneNumber } from "../phone-numbers/create";
import { createUser } from "../users/create";
import {
  demoOrganizationId,
  documentedJobs,
  documentedJobsChangedAt,
  initialJobs,
  secondOrganizationId,
} from "./jobs";

export const demoEmail = "demo@example.com";

/**
 * Fills an empty database, in one transaction, with demo data: the organization of the contract's examples with 47 jobs,
 * and a second one, which the demo user belongs to but the demo API key cannot see.
 */
export async function seedDemo(
  operator: Operator,
  secrets: { demoApiKey: string; demoPassword: string },
): Promise<void> {
  const pool = database();
  try {
    await pool.transaction().execute(async (transaction) => {
      provideDatabase(transaction);
      if ((await listOrganizations(operator)).length === 0) await fill(operator, secrets);
    });
  } finally {
    provideDatabase(pool);
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
  await writeBatchJobs(demo, database(), initialJobs(demoOrganizationId, now));
  await createUser(demo, {
    email: demoEmail,
    name: "Demo Owner",
    role: "owner",
    password: secrets.demoPassword,
  });
  // The contract's example, with a number that is reserved for examples.
  const agentId = "agent_def456";
  await createPhoneNumber(demo, { id: "phone_ghi789", phoneNumber: "+12025550100", agentId, label: "Sales" });
  await createApiKey(
    demo,
    { name: "Demo", scopes: [...apiKeyScopes], expiry: { days: 365 } },
    { key: secrets.demoApiKey },
  );

  await createOrganization(operator, { id: secondOrganizationId, name: "Harbor Dental Group" });
  const second = await Viewer.fromOperator(operator, secondOrganizationId);
  await writeBatchJobs(second, database(), initialJobs(secondOrganizationId, now));
  await addMember(second, demoEmail, "owner");
}

/** Whether the database holds demo data. */
export async function isDemo(operator: Operator): Promise<boolean> {
  const ids = (await listOrganizations(operator)).map(({ id }) => id);
  const demo = await database()
    .selectFrom("users")
    .select("id")
    .where("email", "=", demoEmail)
    .executeTakeFirst();
  return demo !== undefined && ids.includes(demoOrganizationId) && ids.includes(secondOrganizationId);
}

/** The demo's credentials to print at start; undefined when its API key has ended or does not exist. */
export async function findDemo(
  operator: Operator,
  secrets: { demoApiKey: string; demoPassword: string },
): Promise<{ apiKey: string; password: string } | undefined> {
  const organizations = await listOrganizations(operator);
  if (!organizations.some(({ id }) => id === demoOrganizationId)) return undefined;
  const keys = await listApiKeys(await Viewer.fromOperator(operator, demoOrganizationId));
  const { start, lastFour } = visibleParts(secrets.demoApiKey);
  const isKeyUsable = keys.some((key) => isUsable(key) && key.start === start && key.lastFour === lastFour);
  return isKeyUsable ? { apiKey: secrets.demoApiKey, password: secrets.demoPassword } : undefined;
}
