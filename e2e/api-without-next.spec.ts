import { expect, type Organization, test } from "./fixtures";
import { rawGet, sendBothWays, sendRaw } from "./raw-http";
import { addresses } from "./servers";

// The API is answered without Next, and with the same bytes as through it. The contract, refusals, tenancy and fuzz tests
// compare both ways, too.

const methods = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"];

/** Paths that only look like another: Next redirects, resolves or decodes them. */
const paths = [
  ...[
    "/batch",
    "/batch/",
    "/batch/jobs",
    "/batch/jobs/",
    "/batch/nothing",
    "/batch/jobs/live",
    "/batch/JOBS",
  ],
  ...[
    "/Batch/jobs",
    "/batchx",
    "/batch.jobs",
    "//batch/jobs",
    "/batch//jobs",
    "/batch/jobs//",
    "///",
    "/batch/.",
  ],
  ...[
    "/batch/..",
    "/batch/../batch/jobs",
    "/batch/./jobs",
    "/batch/x/../jobs",
    "/batch/jobs/..",
    "/batch/...",
  ],
  ...["/batch/.x", "/batch/x.", "/batch/%2e%2e/x", "/batch/%2E/jobs", "/batch/..%2fx", "/batch/%6aobs"],
  ...["/batch/jobs%2F", "/batch/jobs%3Fx", "/batch/jobs%23x", "/batch/jobs%00", "/batch/jo%20bs", "/batch/%"],
  ...[
    "/batch/%ff",
    "/batch/caf%C3%A9",
    "/batch/caf\xc3\xa9",
    "/batch/jobs\\x",
    "/batch\\jobs",
    "/batch/jobs;x=1",
  ],
  ...["/batch/a:b", "/batch/@x", "/batch/a+b", "/batch/a,b", "/batch/$x", "/batch/a~b!*'()", "/batch/jobs|x"],
  ...[
    '/batch/"',
    "/batch/<x>",
    "/batch/^`{}",
    "/batch/[[...path]]",
    "/batch/[...path]",
    "/batch/[id]",
    "/batch/(x)",
  ],
  ...["/batch/jobs.rsc", "/batch/jobs.json", "/batch/jobs.segments/x", "/batch/jobs.txt", "/batch/index"],
  ...["/batch/route", "/batch/jobs/route", "/batch/_next/data", "/batch/__proto__", "/batch/constructor"],
  ...[
    `/batch/${"x".repeat(9_000)}`,
    `/batch${"/x".repeat(4_000)}`,
    "/api/x",
    "/v1/batch/jobs",
    "/health/live",
  ],
  ...["/batch/jobs#x", "/batch/jobs?", "/batch/jobs??", "/batch/jobs?#x", "/batch?organizationId=x"],
];

/** Queries whose names and characters Next's router could take for its own. */
const queries = [
  ...["_rsc=x", "_rsc", "nxtPpath=x", "nxtIpath=x", "nxtPorganizationId=x", "nxtP=x", "%6extPpath=x"],
  ...["n%78tPx=1", "nx%74Px=1", "nxt%50path=x", "xnxtPx=1", "__nextLocale=x", "__nextDefaultLocale=x"],
  ...[
    "__nextDataReq=1",
    "_nextInternalLocale=x",
    "__flight__=1",
    "amp=1",
    "__proto__=1",
    "page=1&page=2",
    "=x",
  ],
  ...[
    "&&",
    "a=%zz",
    "a=%",
    "a=%ff",
    "a=\xe4",
    "a=b#c",
    'a="<>',
    "a=\\x",
    "a=|^`{}",
    "a=[]",
    "a[b]=c",
    "a;b",
    "a=b?c",
  ],
];

/** Header lines that Node, Next and the adapter could read differently. */
const headerLines = [
  ["RSC: 1"],
  ["RSC: 1", "Next-Router-Prefetch: 1", "Next-Router-State-Tree: x", "Next-Url: /x", "Next-Action: x"],
  ["x-middleware-prefetch: 1", "x-nextjs-data: 1", "x-client-address: 203.0.113.1"],
  ["Prefer: handling=strict", "Prefer: respond-async"],
  ["Prefer: respond-async", "prefer:   handling=strict  "],
  ["x-api-key: x", "x-api-key: y"],
  ["Authorization: Basic x"],
  ["Authorization:"],
  ["Accept-Encoding: gzip", "Accept-Encoding: br;q=0.5"],
  ["If-None-Match: *"],
  ['If-None-Match: "a-gzip", W/"b"', 'If-None-Match: "c-br"'],
  ["User-Agent: a", "User-Agent: b", "Content-Type: a/b", "Content-Type: c/d"],
  ["Cookie: a=b", "Cookie: c=d", "Set-Cookie: a=b", "Set-Cookie: c=d", "__proto__: x", "constructor: x"],
  ["Range: bytes=0-1", "If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT", "If-Match: x"],
  ["Upgrade: websocket", "x-forwarded-host: evil.example", "x-forwarded-proto: https", "Forwarded: host=x"],
  ["x-http-method-override: POST", "Origin: https://evil.example", "Access-Control-Request-Method: GET"],
  ["x-latin: \xe4\xff", "x-empty:", "x-space: \t x \t "],
  ["Expect: 100-continue", "Content-Length: 0"],
  ["TE: trailers", "Connection: close, x-api-key"],
];

/** Values of Host: some are valid for Node and URL alike, but not for the adapter. */
const hosts = [
  ...[
    "localhost",
    "LOCALHOST",
    "localhost:1",
    "localhost:",
    "[::1]",
    "[::1]:80",
    "127.0.0.1",
    "127.1",
    "0x7f.1",
  ],
  ...["a%41b", "a_b", "xn--mnchen-3ya.de", "a..b", "a.", "evil.example", "1.2.3.4.5", "a!b", "%6c", "-"],
];

/** Requests with a body where none is read. */
const bodies = [
  ["Content-Length: 5", "\r\nhello"],
  ["Transfer-Encoding: chunked", "\r\n5\r\nhello\r\n0\r\n\r\n"],
  ["Transfer-Encoding: chunked", "\r\n5\r\nhello\r\n0\r\nx: trailer\r\n\r\n"],
  ["Content-Type: application/json\r\nContent-Length: 2", "\r\n{}"],
  ["Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5", "\r\n--x--"],
  ["Content-Length: 1000000", `\r\n${"x".repeat(1_000_000)}`],
  ["Expect: 100-continue\r\nContent-Length: 5", "\r\nhello"],
];

function requestsFor(org: Organization): string[] {
  const list = `/batch/jobs?organizationId=${org.id}`;
  const key = `x-api-key: ${org.key}`;
  const withMethod = (method: string, target: string, ...lines: string[]) =>
    rawGet(target, ...lines).replace("GET", method);
  const keepOpen = (request: string) => request.replace("Connection: close", "Connection: keep-alive");
  const list0 = rawGet(list, key).replace("HTTP/1.1", "HTTP/1.0");
  return [
    ...methods.flatMap((method) => paths.slice(0, 7).map((path) => withMethod(method, path))),
    ...methods.flatMap((method) => [list, `${list}&status=x`].map((path) => withMethod(method, path, key))),
    ...paths.flatMap((path) => [rawGet(path), rawGet(path, key), withMethod("HEAD", path)]),
    ...queries.flatMap((query) => [rawGet(`${list}&${query}`, key), rawGet(`/batch/nothing?${query}`)]),
    ...headerLines.flatMap((lines) => [
      rawGet(list, key, ...lines),
      rawGet(list, ...lines),
      rawGet("/batch/nothing", ...lines),
      withMethod("HEAD", list, key, ...lines),
      withMethod("OPTIONS", list, ...lines),
      withMethod("DELETE", list, ...lines),
    ]),
    ...hosts.map((host) => rawGet(list, key).replace("Host: localhost", `Host: ${host}`)),
    ...[list0, list0.replace("Host: localhost\r\n", "")],
    ...bodies.flatMap(([lines = "", body = ""]) =>
      ["POST", "DELETE", "OPTIONS", "GET"].flatMap((method) => {
        const request = withMethod(method, list, key, lines).slice(0, -2) + body;
        // The next request of the connection follows the body.
        return [request, keepOpen(request) + rawGet(list, key)];
      }),
    ),
    ...[
      [list, "/batch/nothing", "/health/live", `${list}&page=x`],
      [list, "/batch//jobs", list, "/v1/x"],
    ].map((targets) => targets.map((target) => keepOpen(rawGet(target, key))).join("") + rawGet(list, key)),
    // A second request that is no HTTP.
    `${keepOpen(rawGet(list, key))}nonsense\r\n\r\n`,
  ];
}

test("hundreds of requests of every kind are answered with the same bytes without Next and through it", async ({
  org,
}) => {
  test.setTimeout(120_000);
  await org.add({}, { name: "Ünïcødé 👩‍👩‍👧" }, ...Array.from({ length: 20 }, () => ({})));
  const requests = requestsFor(org);
  const statuses = new Map<number, number>();
  const different: unknown[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < requests.length; at = next++) {
      await sendBothWays(requests[at] ?? "").then(
        ({ status }) => statuses.set(status, (statuses.get(status) ?? 0) + 1),
        (error) => different.push(error.message),
      );
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  expect(different).toEqual([]);
  for (const status of [200, 204, 308, 400, 401, 404, 405])
    expect(statuses.get(status), `${status}`).toBeGreaterThan(2);
  test.info().annotations.push({ type: "compared", description: `${requests.length} requests, 0 different` });
});

test("a router's header does not make the API redirect", async ({ org }) => {
  const { status } = await sendBothWays(
    rawGet(`/batch/jobs?organizationId=${org.id}`, `x-api-key: ${org.key}`, "RSC: 1"),
  );
  expect(status).toBe(200);
});

test("requests are counted together for a key's limit, whichever way they take", async ({ org }) => {
  const statuses: number[] = [];
  for (let at = 0; at < 6; at++) {
    const target = `/batch/${at % 2 ? "./" : ""}jobs?organizationId=${org.id}`;
    statuses.push((await sendRaw(addresses.odd, rawGet(target, `x-api-key: ${org.key}`))).status);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
});
