import { fillDatabase, schemaVersion } from "@/db/fixtures-postgres";
import { startDebianPostgres } from "./debian-postgres";
import { expect, test } from "./process";

/** The statements alone: pg_dump's comments, settings and random tokens differ with its version and each run. */
function statementsOf(dump: string): string {
  return dump
    .replace(/^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict ).*\n/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
    .concat("\n");
}

// So that a reviewer sees what a migration does to the schema as a diff of e2e/schema.sql.
test("the migrated schema matches e2e/schema.sql", async () => {
  test.setTimeout(180_000);
  const postgres = await startDebianPostgres();
  try {
    const databaseUrl = postgres.createDatabase("migrated", "plain");
    await fillDatabase(databaseUrl, schemaVersion, "select 1");
    const { status, stdout, stderr } = postgres.run("pg_dump", ["--schema-only", "--no-owner", databaseUrl]);
    expect(status, stderr).toBe(0);
    expect(
      statementsOf(stdout),
      "To update e2e/schema.sql: npm test -- schema --update-snapshots",
    ).toMatchSnapshot("schema.sql");
  } finally {
    await postgres.stop();
  }
});
