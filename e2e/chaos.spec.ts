import { runChaos } from "./chaos/chaos";
import { expect, test } from "./process";

// The guarantees to dialers hold whatever goes wrong. `npm run chaos` is the long form.

test("dialers that die, repeat and come late, two instances, and a PostgreSQL that stops twice", async ({
  workshop,
}) => {
  test.setTimeout(180_000);
  const found = await runChaos({
    directory: `${workshop.directory}/data`,
    dialers: 4,
    jobs: 5,
    contactsPerJob: 40,
    limit: 20,
    timeoutMs: 120_000,
    report: () => {},
  });
  expect(found.broken).toEqual({});
  expect(found.dialed, "most contacts were called").toBeGreaterThan(100);
  expect(found.lapsed, "leases have ended before dialing").toBeGreaterThan(0);
  expect(found.unreported, "and while dialing").toBeGreaterThan(0);
});
