import {
  type APIRequestContext,
  type APIResponse,
  type BrowserContext,
  test as base,
  expect,
} from "@playwright/test";
import type { Selectable } from "kysely";
import {
  insertApiKey,
  insertBatchJobs,
  insertMembership,
  insertOrganization,
  insertUser,
  type TestUser,
} from "@/db/fixtures";
import type { Database } from "@/db/schema";
import { BatchJobList } from "@/lib/batch-jobs/schema";
import { makeApiKey } from "./api-key";
import { requireDocumented } from "./openapi";
import { addresses, timeZoneCookie } from "./servers";

/** The test's own organization, with an API key, accessed through HTTP. */
export class Organization {
  constructor(
    readonly id: string,
    readonly key: string,
    readonly request: APIRequestContext,
  ) {}

  /** Inserts jobs with these columns. @returns their ids. */
  add(...jobs: Parameters<typeof insertBatchJobs>[1]): Promise<string[]> {
    return insertBatchJobs(this.id, jobs);
  }

  /** Makes another key of the organization, with these scopes. */
  async keyWith(...scopes: Selectable<Database["api_keys"]>["scopes"]): Promise<string> {
    const key = makeApiKey();
    await insertApiKey(this.id, key, { scopes });
    return key;
  }

  /** `GET /batch/jobs` for this organization with its key. @param query further parameters: `&status=…`. */
  get(query = "", headers: Record<string, string> = {}): Promise<APIResponse> {
    return this.request.get(`/batch/jobs?organizationId=${this.id}${query}`, {
      headers: { Authorization: `Bearer ${this.key}`, ...headers },
    });
  }

  /** The same, which must succeed and match the schema strictly. */
  async list(query = ""): Promise<BatchJobList> {
    const response = await this.get(query);
    expect(response.status(), await response.text()).toBe(200);
    return BatchJobList.parse(await response.json());
  }

  async ids(query = ""): Promise<string[]> {
    return (await this.list(query)).batchJobs.map((job) => job.id);
  }
}

/**
 * Signs in without a browser, through next-auth's callback; `request` keeps the cookies.
 *
 * @returns the response of the callback.
 */
export async function postSignIn(
  request: APIRequestContext,
  user: { email: string; password: string },
  address = "",
): Promise<APIResponse> {
  const { csrfToken } = await (await request.get(`${address}/api/auth/csrf`)).json();
  return request.post(`${address}/api/auth/callback/credentials`, {
    form: { email: user.email, password: user.password, csrfToken, json: "true" },
  });
}

/** Signs a browser in without the form, and sets its time zone as the sign-in page does. */
export async function signIn(context: BrowserContext, user: TestUser, timeZone = "UTC"): Promise<void> {
  const response = await postSignIn(context.request, user);
  expect(response.status(), await response.text()).toBe(200);
  await context.addCookies([{ name: timeZoneCookie, value: timeZone, url: addresses.main }]);
}

/** Creates a person who is a member of these organizations. */
export async function makePerson(
  orgs: { id: string }[] = [],
  given: { role?: Database["memberships"]["role"] } & Parameters<typeof insertUser>[0] = {},
): Promise<TestUser> {
  const user = await insertUser(given);
  for (const org of orgs) await insertMembership(org.id, user.id, given.role);
  return user;
}

interface Fixtures {
  /**
   * Whether each request of `request` to the API is also sent to the server where Next answers it, and must get the same
   * answer. For requests that change nothing.
   */
  bothWays: boolean;
  makeOrg: (id?: string) => Promise<Organization>;
  org: Organization;
  /** A member of `org`, signed in in the test's browser. */
  member: TestUser;
}

/** What must be the same both ways: the status, the spelling and order of headers, and the body. */
async function comparable(response: APIResponse): Promise<string> {
  const headers = response.headersArray().filter(({ name }) => !/^(date|x-request-id)$/i.test(name));
  return JSON.stringify([response.status(), headers, await response.text()], null, 1);
}

function askBothWays(request: APIRequestContext): APIRequestContext {
  const methods = ["delete", "fetch", "get", "head", "patch", "post", "put"];
  return new Proxy(request, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (!methods.includes(String(name))) return member.bind(target);
      return async (url: string, options?: object): Promise<APIResponse> => {
        const response: APIResponse = await member.call(target, url, options);
        const path = url.replace(addresses.main, "");
        if (!path.startsWith("/batch")) return response;
        const other: APIResponse = await member.call(target, addresses.throughNext + path, options);
        const [direct, throughNext] = [await comparable(response), await comparable(other)];
        // Not always an expect: Playwright keeps a record of each.
        if (direct !== throughNext) expect(direct, `${String(name)} ${path}`).toBe(throughNext);
        return response;
      };
    },
  });
}

export const test = base.extend<Fixtures>({
  bothWays: [false, { option: true }],
  request: async ({ request, bothWays }, use) =>
    use(requireDocumented(bothWays ? askBothWays(request) : request)),
  makeOrg: async ({ request }, use) => {
    await use(async (given) => {
      const id = await insertOrganization(given);
      const key = makeApiKey();
      await insertApiKey(id, key);
      return new Organization(id, key, request);
    });
  },
  org: async ({ makeOrg }, use) => use(await makeOrg()),
  member: async ({ org, context }, use) => {
    const user = await makePerson([org]);
    await signIn(context, user);
    await use(user);
  },
});

export { expect };
