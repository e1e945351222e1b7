import { createHash, randomBytes } from "node:crypto";
import type { Insertable } from "kysely";
import { createClient } from "./client";
import type { Database } from "./schema";

/** For tests: rows with named defaults, so that a test states only what matters to it. */
export const testDatabase = createClient({
  databaseUrl: process.env.DATABASE_URL ?? "",
  poolMax: 4,
  applicationName: "batch-jobs tests",
  patient: true,
});

/** Unique among all tests, so that they can run side by side and nothing need be cleaned up. */
export function uniqueId(kind: string): string {
  return `${kind}_${randomBytes(9).toString("hex")}`;
}

export async function insertOrganization(id = uniqueId("org")): Promise<string> {
  await testDatabase
    .insertInto("organizations")
    .values({ id, name: `Organization ${id}` })
    .execute();
  return id;
}

export async function insertApiKey(
  organizationId: string,
  key: string,
  given: Partial<Insertable<Database["api_keys"]>> = {},
): Promise<string> {
  const id = uniqueId("key");
  await testDatabase
    .insertInto("api_keys")
    .values({
      id,
      organization_id: organizationId,
      name: "Test",
      key_hash: createHash("sha256").update(key).digest(),
      key_start: key.slice(0, 12),
      key_last_four: key.slice(-4),
      ...given,
    })
    .execute();
  return id;
}

type JobGiven = Partial<Insertable<Database["batch_jobs"]>>;

/** Inserts a job for each item, in one statement; returns their ids in the same order. */
export async function insertBatchJobs(organizationId: string, given: JobGiven[]): Promise<string[]> {
  if (given.length === 0) return [];
  const rows = given.map((job) => ({
    id: uniqueId("batch"),
    organization_id: organizationId,
    name: "Renewals",
    status: "completed",
    agent_id: "agent_1",
    from_phone_number_id: "phone_1",
    total_contacts: 0,
    ...job,
  }));
  await testDatabase.insertInto("batch_jobs").values(rows).execute();
  return rows.map((row) => row.id);
}
