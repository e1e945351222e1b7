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
import { setCallLimit } from "../phone-numbers/call-limit";
import { createPhoneNumber } from "../phone-numbers/create";
import { createUser } from "../users/create";
import {
  demoOrganizationId,
  documentedJobs,
  documentedJobsChangedAt,
  importedJobs,
  secondOrganizationId,
} from "./jobs";
import { demoCallLimit, simulatedJobCount } from "./run-demo";
import {
  createSimulatedJob,
  demoDialerName,
  pastJobs,
  planJob,
  simulatedPhoneNumberId,
} from "./simulated-job";

export const demoEmail = "demo@example.com";

interface Secrets {
  demoApiKey: string;
  demoPassword: string;
  /** Of the first and the second organization, or none. */
  demoDialerApiKeys: string[];
}

/**
 * Fills an empty database, in one transaction, with demo data: the organization of the contract's examples with 47 jobs,
 * and a second one, which the demo user belongs to but the demo API key cannot see.
 */
export async function seedDemo(operator: Operator, secrets: Secrets): Promise<void> {
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

async function fill(operator: Operator, secrets: Secrets): Promise<void> {
  const [firstKey, secondKey] = secrets.demoDialerApiKeys;
  await createOrganization(operator, { id: demoOrganizationId, name: "Brightline Insurance" });
  const demo = await Viewer.fromOperator(operator, demoOrganizationId);
  await writeBatchJobs(demo, database(), documentedJobs, documentedJobsChangedAt);
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
  await fillWithCalls(demo, firstKey);

  await createOrganization(operator, { id: secondOrganizationId, name: "Harbor Dental Group" });
  const second = await Viewer.fromOperator(operator, secondOrganizationId);
  await addMember(second, demoEmail, "owner");
  await fillWithCalls(second, secondKey);
}

/** What the demo of an organization needs to run, as if it had been running for hours. */
async function fillWithCalls(viewer: Viewer, dialerApiKey: string | undefined): Promise<void> {
  const [id, agentId] = [simulatedPhoneNumberId, "agent_demo"];
  await createPhoneNumber(viewer, { id, phoneNumber: "+12025550101", agentId, label: "Simulated calls" });
  await setCallLimit(viewer, demoCallLimit);
  const key = {
    name: demoDialerName,
    scopes: ["manage" as const, "dial" as const],
    expiry: "never" as const,
  };
  if (dialerApiKey !== undefined) await createApiKey(viewer, key, { key: dialerApiKey });
  const scheduled = [planJob("scheduled"), planJob("scheduled")];
  const past = pastJobs(simulatedJobCount - scheduled.length);
  for (const job of [...past, ...scheduled]) await createSimulatedJob(viewer, job, database());
  const until = new Date(Math.min(...past.map(({ createdMs }) => createdMs)));
  await writeBatchJobs(viewer, database(), importedJobs(viewer.organizationId, until));
}

/** The operator's Viewer of an organization, if the organization has this API key and it can be used. */
async function findWithKey(
  operator: Operator,
  organizationId: string,
  apiKey: string,
): Promise<Viewer | undefined> {
  const organizations = await listOrganizations(operator);
  if (!organizations.some(({ id }) => id === organizationId)) return undefined;
  const viewer = await Viewer.fromOperator(operator, organizationId);
  const keys = await listApiKeys(viewer);
  const { start, lastFour } = visibleParts(apiKey);
  const hasKey = keys.some((key) => isUsable(key) && key.start === start && key.lastFour === lastFour);
  return hasKey ? viewer : undefined;
}

/** The demo's credentials to print at start; undefined when its API key has ended or does not exist. */
export async function findDemo(
  operator: Operator,
  { demoApiKey, demoPassword }: Secrets,
): Promise<{ apiKey: string; password: string } | undefined> {
  const viewer = await findWithKey(operator, demoOrganizationId, demoApiKey);
  return viewer && { apiKey: demoApiKey, password: demoPassword };
}

/** The demo's organizations whose calls to simulate: those where its dialer has a usable API key. */
export async function findDemoDialers(
  operator: Operator,
  { demoDialerApiKeys: [firstKey, secondKey] }: Secrets,
): Promise<{ viewer: Viewer; apiKey: string }[]> {
  const dialers: { viewer: Viewer; apiKey: string }[] = [];
  for (const [organizationId, apiKey] of [
    [demoOrganizationId, firstKey],
    [secondOrganizationId, secondKey],
  ] as const) {
    const viewer = apiKey && (await findWithKey(operator, organizationId, apiKey));
    if (viewer) dialers.push({ viewer, apiKey });
  }
  return dialers;
}
