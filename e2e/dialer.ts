import { type APIResponse, expect } from "@playwright/test";
import { insertDialableJob, testDatabase } from "@/db/fixtures";
import { Claim, type ClaimedCall, Dialing, Result } from "@/lib/calls/schema";
import { test as base, type Organization } from "./fixtures";

type Fields = Record<string, unknown>;

/** A dialer of the test's organization, seen through HTTP. */
export class Dialer {
  #contacts = 0;

  constructor(
    readonly org: Organization,
    readonly key: string,
  ) {}

  /**
   * Makes a job with this number of contacts, which can be claimed at once. No two jobs have the same phone numbers.
   *
   * @returns its id.
   */
  addJob(contacts: number, given?: Parameters<typeof insertDialableJob>[2]): Promise<string> {
    const firstNumber = this.#contacts + 1;
    this.#contacts += contacts;
    return insertDialableJob(this.org.id, contacts, given, firstNumber);
  }

  post(path: string, data?: unknown, headers: Record<string, string> = {}): Promise<APIResponse> {
    return this.org.request.post(path, {
      data,
      headers: { Authorization: `Bearer ${this.key}`, ...headers },
    });
  }

  /** The code of an error, with its status: `409 lease_lost`. */
  async refusal(path: string, data?: unknown, headers?: Record<string, string>): Promise<string> {
    const response = await this.post(path, data, headers);
    const { code, detail } = await response.json();
    expect(detail, "says what is wrong").toMatch(/\w+ .*\w/);
    return `${response.status()} ${code}`;
  }

  async claim(fields: Fields = {}): Promise<Claim> {
    return Claim.parse(await read(await this.post("/batch/calls/claim", { dialer: "test", ...fields })));
  }

  /** Claims the next call, which there must be. */
  async claimOne(fields: Fields = {}): Promise<ClaimedCall> {
    const [call] = (await this.claim(fields)).calls;
    if (!call) throw new Error("There is no call to claim");
    return call;
  }

  async dialing(callId: string, fields?: Fields): Promise<Dialing> {
    return Dialing.parse(await read(await this.post(`/batch/calls/${callId}/dialing`, fields)));
  }

  async result(callId: string, status: string, fields: Fields = {}): Promise<Result["contact"]> {
    const response = await this.post(`/batch/calls/${callId}/result`, { status, ...fields });
    return Result.parse(await read(response)).contact;
  }

  /** Claims the next call, dials it and reports how it ended. */
  async call(status: string, fields: Fields = {}, claim: Fields = {}): Promise<Result["contact"]> {
    const { callId } = await this.claimOne(claim);
    await this.dialing(callId);
    return this.result(callId, status, fields);
  }

  /** A job as the list shows it. */
  async job(id: string) {
    const found = (await this.org.list("&pageSize=100")).batchJobs.find((job) => job.id === id);
    if (!found) throw new Error(`There is no job ${id}`);
    return found;
  }

  /** The contacts of a job in the database, in their order. */
  contacts(batchJobId: string) {
    return testDatabase
      .selectFrom("batch_contacts")
      .selectAll()
      .where("organization_id", "=", this.org.id)
      .where("batch_job_id", "=", batchJobId)
      .orderBy("position")
      .execute();
  }

  /** Lets all retries be due. */
  async skipRetryDelays(): Promise<void> {
    await testDatabase
      .updateTable("batch_contacts")
      .set({ next_retry_at: new Date() })
      .where("organization_id", "=", this.org.id)
      .where("next_retry_at", "is not", null)
      .execute();
  }
}

async function read(response: APIResponse): Promise<unknown> {
  expect(response.status(), await response.text()).toBe(200);
  return response.json();
}

export const test = base.extend<{ dialer: Dialer; makeDialer: () => Promise<Dialer> }>({
  makeDialer: async ({ makeOrg }, use) => {
    await use(async () => {
      const org = await makeOrg();
      return new Dialer(org, await org.keyWith("dial"));
    });
  },
  dialer: async ({ makeDialer }, use) => use(await makeDialer()),
});

export { expect };
