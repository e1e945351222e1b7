import type { APIResponse } from "@playwright/test";
import { testDatabase } from "@/db/fixtures";
import { batchJobStatuses } from "@/lib/batch-jobs/schema";
import { expect, type Organization, test } from "./fixtures";
import { addresses } from "./servers";

// The contract of GET /batch/jobs, with and without Next.

test.use({ bothWays: true });

const job = {
  id: "batch_xyz789",
  name: "January Renewal Campaign",
  description: "Follow up on expiring subscriptions",
  status: "running" as const,
  agent_id: "agent_def456",
  from_phone_number_id: "phone_ghi789",
  total_contacts: 100,
  contacts_processed: 42,
  successful_calls: 35,
  failed_calls: 7,
  scheduled_start_time: "2025-02-28T14:00:00Z",
  actual_start_time: "2025-02-28T14:00:05.999Z",
  completed_at: null,
  created_at: "2025-02-28T11:30:00+01:00",
  concurrent_call_limit: 5,
  retry_max_attempts: 3,
  retry_retryable_statuses: ["no_answer", "busy", "timeout"],
};

/** The organization with so many jobs, a minute apart; returns their ids, newest first. */
async function withJobs(org: Organization, count: number): Promise<string[]> {
  const base = Date.UTC(2025, 0, 1);
  const ids = await org.add(
    ...Array.from({ length: count }, (_, at) => ({ created_at: new Date(base + at * 60_000) })),
  );
  return ids.reverse();
}

test.describe("the body", () => {
  test("is byte for byte as documented: keys, order, UTC times in whole seconds", async ({ org }) => {
    const [id] = await org.add({ ...job, id: `${org.id}-job` });
    const response = await org.get();
    expect(await response.text()).toBe(
      `{"batchJobs":[{"id":"${id}","name":"January Renewal Campaign","description":"Follow up on expiring subscriptions","status":"running","organizationId":"${org.id}","agentId":"agent_def456","fromPhoneNumberId":"phone_ghi789","totalContacts":100,"contactsProcessed":42,"successfulCalls":35,"failedCalls":7,"scheduledStartTime":"2025-02-28T14:00:00Z","actualStartTime":"2025-02-28T14:00:05Z","completedAt":null,"createdAt":"2025-02-28T10:30:00Z","concurrentCallLimit":5,"retryPolicy":{"maxAttempts":3,"retryableStatuses":["no_answer","busy","timeout"]}}],"total":1,"page":1,"pageSize":20}`,
    );
  });

  test("has null for unknown values, and always all keys", async ({ org }) => {
    await org.add({ status: "pending" });
    const [first] = (await org.list()).batchJobs;
    expect(first).toMatchObject({
      description: null,
      scheduledStartTime: null,
      actualStartTime: null,
      completedAt: null,
    });
    expect(Object.keys(first ?? {})).toHaveLength(17);
  });

  test("keeps text in any script unchanged", async ({ org }) => {
    const name = 'Ünïcødé 👩‍👩‍👧 \u2028 \u202e ﬁ e\u0301 </script>\\"';
    await org.add({ name });
    expect((await org.list()).batchJobs[0]?.name).toBe(name);
  });

  test("of an organization without jobs is an empty list", async ({ org }) => {
    expect(await org.list()).toEqual({ batchJobs: [], total: 0, page: 1, pageSize: 20 });
  });
});

test.describe("pages", () => {
  test("have 20 jobs by default, newest first", async ({ org }) => {
    const ids = await withJobs(org, 47);
    expect(await org.ids()).toEqual(ids.slice(0, 20));
    expect(await org.ids("&page=2")).toEqual(ids.slice(20, 40));
    expect(await org.ids("&page=3")).toEqual(ids.slice(40));
    expect(await org.list("&page=3")).toMatchObject({ total: 47, page: 3, pageSize: 20 });
  });

  test("past the end are empty and have the total", async ({ org }) => {
    await withJobs(org, 3);
    for (const page of [2, 1_000_000_000]) {
      expect(await org.list(`&page=${page}&pageSize=100`)).toEqual({
        batchJobs: [],
        total: 3,
        page,
        pageSize: 100,
      });
    }
  });

  test("may have 1 to 100 jobs", async ({ org }) => {
    await withJobs(org, 101);
    expect(await org.ids("&pageSize=1")).toHaveLength(1);
    expect(await org.ids("&pageSize=100")).toHaveLength(100);
    expect(await org.ids("&pageSize=0100")).toHaveLength(100);
  });

  test("one after the other give each job once, even if all were created at the same time", async ({
    org,
  }) => {
    const created_at = new Date();
    const ids = await org.add(...Array.from({ length: 50 }, () => ({ created_at })));
    const walked: string[] = [];
    for (let page = 1; page <= 8; page++) walked.push(...(await org.ids(`&page=${page}&pageSize=7`)));
    expect(walked).toEqual([...ids].sort().reverse());
  });

  test("keep their order with another query plan", async ({ org, request }) => {
    const created_at = new Date();
    const ids = await org.add(...Array.from({ length: 50 }, () => ({ created_at })));
    const walked: string[] = [];
    for (const page of [1, 2]) {
      const address = `${addresses.odd}/batch/jobs?organizationId=${org.id}&page=${page}&pageSize=25`;
      const response = await request.get(address, { headers: { "x-api-key": org.key } });
      walked.push(...(await response.json()).batchJobs.map((one: { id: string }) => one.id));
    }
    expect(walked).toEqual([...ids].sort().reverse());
  });

  test("break ties byte by byte, not by locale", async ({ org }) => {
    const created_at = new Date();
    const ids = ["a", "B", "_", "-", "Z", "z", "0"].map((letter) => `${org.id}${letter}`);
    await org.add(...ids.map((id) => ({ id, created_at })));
    expect(await org.ids()).toEqual([...ids].sort().reverse());
  });

  test("are ordered by whole seconds, and within a second newest first", async ({ org }) => {
    const at = Date.UTC(2025, 5, 1, 12);
    const ids = await org.add(
      ...[1, 999, 500].map((milliseconds) => ({ created_at: new Date(at + milliseconds) })),
    );
    expect(await org.ids()).toEqual(ids.toReversed());
    expect(new Set((await org.list()).batchJobs.map((one) => one.createdAt))).toEqual(
      new Set(["2025-06-01T12:00:00Z"]),
    );
  });
});

test.describe("total", () => {
  test.use({ bothWays: false });

  test("and rows are from one snapshot while jobs are created and deleted", async ({ org }) => {
    let isOver = false;
    const writer = (async () => {
      while (!isOver) {
        await org.add({}, {}, {});
        await testDatabase.deleteFrom("batch_jobs").where("organization_id", "=", org.id).execute();
      }
    })();
    const lists = [];
    for (let round = 0; round < 150; round++) lists.push(await org.list("&pageSize=100"));
    isOver = true;
    await writer;
    for (const list of lists) expect(list.total).toBe(list.batchJobs.length);
    expect(new Set(lists.map((list) => list.total)).size, "the test saw both states").toBeGreaterThan(1);
  });
});

test.describe("status", () => {
  test.beforeEach(async ({ org }) => {
    await org.add(
      ...batchJobStatuses.flatMap((status, at) => Array.from({ length: at + 1 }, () => ({ status }))),
    );
  });

  for (const [at, status] of batchJobStatuses.entries()) {
    test(`${status} returns only those jobs`, async ({ org }) => {
      const list = await org.list(`&status=${status}`);
      expect(list.total).toBe(at + 1);
      expect(list.batchJobs.map((one) => one.status)).toEqual(Array(at + 1).fill(status));
    });
  }

  for (const query of [
    "&status=running,scheduled",
    "&status=running&status=scheduled",
    "&status=scheduled,running&status=running",
    "&status=running%2Cscheduled",
    "&status[]=running&status[]=scheduled",
    "&status%5B0%5D=running&status%5B1%5D=scheduled",
    "&status[]=running,running&status=scheduled",
  ]) {
    test(`several at once: ${query}`, async ({ org }) => {
      const list = await org.list(query);
      expect(list.total).toBe(5);
      expect(new Set(list.batchJobs.map((one) => one.status))).toEqual(new Set(["scheduled", "running"]));
    });
  }
});

test.describe("headers", () => {
  test("of a response", async ({ org }) => {
    const headers = (await org.get()).headers();
    expect(headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "cache-control": "private, no-cache",
      "x-content-type-options": "nosniff",
      "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers).not.toHaveProperty("set-cookie");
    expect(headers).not.toHaveProperty("access-control-allow-origin");
    expect(headers).not.toHaveProperty("x-ignored-parameters");
  });

  test("have a different request id each time", async ({ org }) => {
    const [one, other] = [await org.get(), await org.get()];
    expect(one.headers()["x-request-id"]).not.toBe(other.headers()["x-request-id"]);
  });

  test("name ignored parameters, safely", async ({ org }) => {
    const response = await org.get(`&limit=50&page[]=1&%0d%0aSet-Cookie=x&limit=2&${"é".repeat(200)}=1`);
    expect(response.status()).toBe(200);
    const names = response.headers()["x-ignored-parameters"]?.split(", ") ?? [];
    expect(names.slice(0, 3)).toEqual(["limit", "page%5B%5D", "%0D%0ASet-Cookie"]);
    expect(names).toHaveLength(4);
    expect((await org.list("&limit=50")).pageSize).toBe(20);
  });

  test("do not depend on Host", async ({ org }) => {
    const response = await org.get("", { Host: "evil.example", "X-Forwarded-Host": "evil.example" });
    expect(JSON.stringify(response.headers())).not.toContain("evil.example");
  });
});

test.describe("Link", () => {
  const links = async (org: Organization, query: string) => {
    const header = (await org.get(query)).headers().link ?? "";
    return Object.fromEntries(
      [...header.matchAll(/<([^>]*)>; rel="(\w+)"/g)].map(([, url, rel]) => [
        rel,
        url?.replace(`${addresses.main}/batch/jobs?organizationId=${org.id}`, ""),
      ]),
    );
  };

  for (const { query, expected } of [
    {
      query: "",
      expected: { first: "&page=1&pageSize=20", next: "&page=2&pageSize=20", last: "&page=3&pageSize=20" },
    },
    {
      query: "&page=2&pageSize=10",
      expected: {
        first: "&page=1&pageSize=10",
        prev: "&page=1&pageSize=10",
        next: "&page=3&pageSize=10",
        last: "&page=5&pageSize=10",
      },
    },
    {
      query: "&page=3",
      expected: { first: "&page=1&pageSize=20", prev: "&page=2&pageSize=20", last: "&page=3&pageSize=20" },
    },
    {
      query: "&page=9",
      expected: { first: "&page=1&pageSize=20", prev: "&page=3&pageSize=20", last: "&page=3&pageSize=20" },
    },
    {
      query: "&status=completed&status=failed&limit=3&pageSize=47",
      expected: {
        first: "&status=completed%2Cfailed&page=1&pageSize=47",
        last: "&status=completed%2Cfailed&page=1&pageSize=47",
      },
    },
    {
      query: "&status=running",
      expected: { first: "&status=running&page=1&pageSize=20", last: "&status=running&page=1&pageSize=20" },
    },
  ]) {
    test(`of a list of 47 with "${query}"`, async ({ org }) => {
      await withJobs(org, 47);
      expect(await links(org, query)).toEqual(expected);
    });
  }

  test("leads through all pages by next alone, also for who cuts it at each comma", async ({
    org,
    request,
  }) => {
    const ids = await withJobs(org, 23);
    const walked: string[] = [];
    let next: string | undefined =
      `/batch/jobs?organizationId=${org.id}&status=completed,failed&status=running&pageSize=5`;
    while (next) {
      const response: APIResponse = await request.get(next, { headers: { "x-api-key": org.key } });
      walked.push(...(await response.json()).batchJobs.map((one: { id: string }) => one.id));
      const links: string[] = (response.headers().link ?? "").split(/, ?/);
      next = /^<([^>]*)>; rel="next"$/.exec(links.find((link) => link.endsWith('rel="next"')) ?? "")?.[1];
    }
    expect(walked).toEqual(ids);
  });
});

test.describe("methods", () => {
  test("HEAD responds like GET without a body, also with errors", async ({ org, request }) => {
    await withJobs(org, 21);
    const address = `/batch/jobs?organizationId=${org.id}`;
    const head = await request.head(address, { headers: { Authorization: `Bearer ${org.key}` } });
    const get = await org.get();
    expect(head.status()).toBe(200);
    expect(await head.text()).toBe("");
    for (const name of ["link", "content-type", "cache-control", "x-content-type-options"]) {
      expect(head.headers()[name], name).toBe(get.headers()[name]);
    }
    const refused = await request.head(address);
    expect(refused.status()).toBe(401);
    expect(refused.headers()["www-authenticate"]).toBe('Bearer realm="batch-jobs"');
  });

  test("OPTIONS returns Allow and no CORS headers", async ({ request }) => {
    const response = await request.fetch("/batch/jobs", {
      method: "OPTIONS",
      headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "GET" },
    });
    expect(response.status()).toBe(204);
    expect(await response.text()).toBe("");
    expect(response.headers().allow).toBe("GET, HEAD, OPTIONS");
    expect(Object.keys(response.headers()).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    test(`${method} is not allowed`, async ({ request }) => {
      const response = await request.fetch("/batch/jobs", { method, data: "x" });
      expect(response.status()).toBe(405);
      expect(response.headers().allow).toBe("GET, HEAD, OPTIONS");
      expect(response.headers()["content-type"]).toBe("application/json; charset=utf-8");
      expect(await response.json()).toEqual({
        detail: `Method ${method} is not allowed; use GET, HEAD, OPTIONS`,
        code: "method_not_allowed",
      });
    });
  }
});
