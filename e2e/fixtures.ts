import { type APIRequestContext, type APIResponse, test as base, expect } from "@playwright/test";
import { insertApiKey, insertBatchJobs, insertOrganization } from "@/db/fixtures";
import { BatchJobList } from "@/lib/batch-jobs/schema";
import { makeApiKey } from "./api-key";

/** An organization of the test's own, with an API key, seen through HTTP. */
export class Organization {
  constructor(
    readonly id: string,
    readonly key: string,
    readonly request: APIRequestContext,
  ) {}

  /** Makes jobs with these columns, and says their ids. */
  add(...jobs: Parameters<typeof insertBatchJobs>[1]): Promise<string[]> {
    return insertBatchJobs(this.id, jobs);
  }

  /** `GET /batch/jobs` for this organization with its key; `query` as in the address, `&status=…`. */
  get(query = "", headers: Record<string, string> = {}): Promise<APIResponse> {
    return this.request.get(`/batch/jobs?organizationId=${this.id}${query}`, {
      headers: { Authorization: `Bearer ${this.key}`, ...headers },
    });
  }

  /** The same, which must succeed with exactly the contract's shape. */
  async list(query = ""): Promise<BatchJobList> {
    const response = await this.get(query);
    expect(response.status(), await response.text()).toBe(200);
    return BatchJobList.parse(await response.json());
  }

  async ids(query = ""): Promise<string[]> {
    return (await this.list(query)).batchJobs.map((job) => job.id);
  }
}

export const test = base.extend<{ makeOrg: (id?: string) => Promise<Organization>; org: Organization }>({
  makeOrg: async ({ request }, use) => {
    await use(async (given) => {
      const id = await insertOrganization(given);
      const key = makeApiKey();
      await insertApiKey(id, key);
      return new Organization(id, key, request);
    });
  },
  org: async ({ makeOrg }, use) => use(await makeOrg()),
});

export { expect };
