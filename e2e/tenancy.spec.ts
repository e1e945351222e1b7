import { insertApiKey, insertDialableJob, testDatabase, uniqueId } from "@/db/fixtures";
import { BatchJobDetail, BatchJobList, batchJobStatuses } from "@/lib/batch-jobs/schema";
import { makeApiKey } from "./api-key";
import { expect, type Organization, test } from "./fixtures";

test.use({ bothWays: true });

const queries = [
  "",
  ...batchJobStatuses.map((status) => `&status=${status}`),
  "&page=2&pageSize=3",
  "&pageSize=100",
];

/** An organization with two jobs of each status, its name in every text that a job has. */
async function withCanaries(org: Organization): Promise<Organization> {
  const canary = `canary-${org.id}`;
  await org.add(
    ...[...batchJobStatuses, ...batchJobStatuses].map((status) => ({
      id: uniqueId(canary),
      name: canary,
      description: canary,
      agent_id: canary,
      from_phone_number_id: canary,
      status,
    })),
  );
  return org;
}

test("every key sees its own organization's jobs and nothing of another's", async ({ makeOrg }) => {
  const orgs = await Promise.all(Array.from({ length: 6 }, async () => withCanaries(await makeOrg())));
  for (const viewer of orgs) {
    for (const query of queries) {
      const response = await viewer.get(query);
      const { batchJobs } = BatchJobList.parse(await response.json());
      expect(batchJobs.every((job) => job.organizationId === viewer.id)).toBe(true);
      expect((await viewer.list()).total).toBe(12);
      for (const other of orgs) {
        if (other !== viewer) expect(await response.text()).not.toContain(other.id);
      }
    }
  }
});

test("a job with its contacts has no byte of another organization's", async ({ makeOrg, request }) => {
  const orgs = await Promise.all([1, 2, 3].map(() => makeOrg()));
  const id = uniqueId("batch");
  for (const org of orgs) {
    const canary = `canary-${org.id}`;
    await insertDialableJob(org.id, 3, { id, name: canary, agent_id: canary });
    await testDatabase
      .updateTable("batch_contacts")
      .set({ contact_data: { phone: "+12020000001", name: canary }, failure_reason: canary })
      .where("organization_id", "=", org.id)
      .execute();
  }
  for (const org of orgs) {
    for (const query of ["", "?contactStatus=pending", "?contactsPage=2"]) {
      const headers = { Authorization: `Bearer ${org.key}` };
      const response = await request.get(`/batch/jobs/${id}${query}`, { headers });
      const text = await response.text();
      expect(BatchJobDetail.parse(JSON.parse(text)).organizationId).toBe(org.id);
      for (const other of orgs) if (other !== org) expect(text).not.toContain(other.id);
    }
  }
});

test("a foreign organization and one that does not exist are answered with the same bytes", async ({
  makeOrg,
  request,
}) => {
  const [viewer, foreign] = [await makeOrg(), await withCanaries(await makeOrg())];
  const absent = uniqueId("org");
  const ask = async (organizationId: string, query: string, method: "GET" | "HEAD") => {
    const response = await request.fetch(`/batch/jobs?organizationId=${organizationId}${query}`, {
      method,
      headers: { "x-api-key": viewer.key },
    });
    const { "x-request-id": _id, date: _date, ...headers } = response.headers();
    return { status: response.status(), headers, body: await response.text() };
  };
  for (const query of [...queries, "&page=1000"]) {
    for (const method of ["GET", "HEAD"] as const) {
      const answer = await ask(foreign.id, query, method);
      expect(answer.status).toBe(403);
      expect(answer).toEqual(await ask(absent, query, method));
    }
  }
  expect((await ask(absent, "", "GET")).body).toBe(
    '{"detail":"This API key does not belong to that organization","code":"organization_forbidden"}',
  );
});

test("organization ids are case-sensitive", async ({ org, request }) => {
  const response = await request.get(`/batch/jobs?organizationId=${org.id.toUpperCase()}`, {
    headers: { "x-api-key": org.key },
  });
  expect(response.status()).toBe(403);
});

test("several keys of one organization see the same", async ({ org }) => {
  await org.add({}, {});
  const second = makeApiKey();
  await insertApiKey(org.id, second);
  expect(await (await org.get("", { Authorization: `Bearer ${second}` })).text()).toBe(
    await (await org.get()).text(),
  );
});

test("a thousand mixed requests at once never mix two organizations", async ({ makeOrg }) => {
  const orgs = await Promise.all(Array.from({ length: 5 }, async () => withCanaries(await makeOrg())));
  let left = 1_000;
  const worker = async () => {
    while (left-- > 0) {
      const viewer = orgs[left % orgs.length] as Organization;
      const asked = orgs[(left >> 3) % orgs.length] as Organization;
      const response = await viewer.request.get(`/batch/jobs?organizationId=${asked.id}&pageSize=5`, {
        headers: { Authorization: `Bearer ${viewer.key}` },
      });
      if (viewer !== asked) {
        expect(response.status()).toBe(403);
        continue;
      }
      const { batchJobs, total } = BatchJobList.parse(await response.json());
      expect(total).toBe(12);
      expect(
        batchJobs.every((job) => job.organizationId === viewer.id && job.name === `canary-${viewer.id}`),
      ).toBe(true);
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
});
