import { execFile } from "node:child_process";
import path from "node:path";
import { expect, test } from "@playwright/test";

// What the server logs: lines of JSON, and the same failure once a second. With requests and their ids: outage.spec.ts.

/** Runs a script that has `logError` and `logConsole`, and gives the lines that it logged. */
function logOf(script: string): Promise<Record<string, unknown>[]> {
  const code = `import("./lib/log.ts").then(async ({ logError, logConsole }) => {${script}})`;
  return new Promise((resolve) => {
    const options = { cwd: path.resolve(import.meta.dirname, "..") };
    execFile(process.execPath, ["--import", "tsx", "-e", code], options, (_error, _stdout, stderr) =>
      resolve(
        stderr
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line)),
      ),
    );
  });
}

test("console output of packages is a line of JSON, too; repetitions are reported at exit", async () => {
  const lines = await logOf(`
    logConsole();
    for (let time = 0; time < 5; time++) console.error(" ⨯", Object.assign(new Error("boom"), { digest: "123" }));
    console.warn("%s is old", "this");
    logError("Failed", "a word", { apiKeyId: "key_1" });
    logError("Failed", undefined);
    logError("Failed", { name: "MailError", code: "ETLS", message: "no TLS" });
    process.exit(1);
  `);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const boom = { time, level: "error", message: "failed to handle request", name: "Error", reason: "boom" };
  expect(lines).toEqual([
    { ...boom, digest: "123", stack: expect.stringContaining("boom") },
    { time, level: "warn", message: "this is old" },
    { time, level: "error", message: "Failed", reason: "a word", apiKeyId: "key_1" },
    { time, level: "error", message: "Failed" },
    { time, level: "error", message: "Failed", name: "MailError", code: "ETLS", reason: "no TLS" },
    { ...boom, repeated: 4, requestIds: [] },
  ]);
});

test("values that errors quote are not logged", async () => {
  const lines = await logOf(`
    const messages = [
      'invalid input syntax for type integer: "+12025550142"',
      'value "+12025550142" is out of range for type "integer"',
      "ungültige Eingabesyntax für Typ integer: „+12025550142“",
      "ungültige Eingabesyntax für Typ bigint: »+12025550142«",
      "syntaxe en entrée invalide pour le type integer : « +12025550142 »",
    ];
    for (const message of messages) logError("Failed", Object.assign(new Error(message), { code: "22P02", detail: message }));
    for (const text of ["+12025550142", '{"phone": +12025550142}']) {
      try { JSON.parse(text); } catch (error) { logError("Failed to read " + text.length, error); }
    }
    logError("Failed", Object.assign(new Error('relation "jobs" does not exist'), { code: "42P01" }));
  `);
  expect(JSON.stringify(lines)).not.toContain("2025550142");
  expect(lines.map(({ reason }) => reason)).toEqual([
    'invalid input syntax for type integer: "…"',
    'value "…"',
    'ungültige Eingabesyntax für Typ integer: "…"',
    'ungültige Eingabesyntax für Typ bigint: "…"',
    'syntaxe en entrée invalide pour le type integer : "…"',
    ...[expect.any(String), expect.any(String)],
    'relation "jobs" does not exist',
  ]);
});

test("a repeated failure is logged once a second, and in full again after a second without it", async () => {
  const lines = await logOf(`
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const end = Date.now() + 1_500;
    let count = 0;
    for (; Date.now() < end; count++, await wait(10)) logError("Failed", new Error("boom"));
    await wait(2_500);
    logError("Failed", new Error("boom"), { count: String(count) });
  `);
  const again = lines.pop();
  expect(again).toMatchObject({ stack: expect.any(String) });
  const [first, ...summaries] = lines;
  expect(first).toMatchObject({ stack: expect.any(String) });
  expect(summaries.every(({ stack }) => stack === undefined)).toBe(true);
  expect(summaries.length).toBeLessThanOrEqual(3);
  const sum = summaries.reduce((all, { repeated }) => all + Number(repeated), 1);
  expect(sum).toBe(Number(again?.count));
  expect(sum).toBeGreaterThan(4);
});
