import type { Command } from "commander";
import { z } from "zod";
import { Viewer } from "../../access/viewer";
import { checkCounts, repairCounts } from "../../batch-jobs/check-counts";
import { generateBatchJobs, generatedUntil } from "../../batch-jobs/generate";
import { type ImportSummary, importBatchJobs } from "../../batch-jobs/import/import";
import { RefusedRows } from "../../batch-jobs/import/refused-rows";
import { listBatchJobs } from "../../batch-jobs/list";
import { batchJobStatuses, JobsParameters, pageSizeMax } from "../../batch-jobs/schema";
import { quantity } from "../../format/quantity";
import { printable } from "../../format/text";
import { parseQuery } from "../../http/parse-query";
import { listOrganizations } from "../../organizations/list";
import { openInput } from "../open-input";
import { progressBar } from "../progress-bar";
import { addLifecycleCommands } from "./batch-job-lifecycle";
import { asOperator, parseOptions, printTable } from "./run";

export function addCommands(jobs: Command): void {
  jobs
    .command("import")
    .description("Insert and update batch jobs from JSON in the API's format.")
    .argument("<file>", "one job per line, an array of jobs, or list responses; - for standard input")
    .requiredOption("--organization <id>", "the organization to add the jobs to")
    .option("--atomic", "import all rows or none")
    .addHelpText(
      "after",
      "\nRefused rows are reported with line, field and reason; of many with the same reason, the first three.\nImporting a file again is safe.",
    )
    .action(async (file, { organization, atomic = false }) => {
      const { source, bytes } = await openInput(file);
      await asOperator(async (operator) => {
        const viewer = await Viewer.fromOperator(operator, organization);
        const bar = progressBar("bytes", bytes);
        const refusedRows = new RefusedRows((sentence) => bar.say(sentence));
        const importing = importBatchJobs(viewer, source, {
          atomic,
          onProgress: (bytesRead) => bar.at(bytesRead),
          onRefused: (refused) => refusedRows.add(refused),
        });
        const summary = await importing.finally(() => {
          refusedRows.end();
          bar.end();
        });
        report(summary);
      });
    });

  jobs
    .command("list")
    .description(`List batch jobs, newest first, ${pageSizeMax} on a page.`)
    .requiredOption("--organization <id>", "the jobs' organization")
    .option("--status <list>", `only these, separated by commas: ${batchJobStatuses.join(", ")}`)
    .option("--q <text>", "only jobs with this in their name, as their ID, or as a contact's phone number")
    .option("--page <number>", "the page", "1")
    .action(async ({ organization, ...given }) => {
      const values = { ...given, organizationId: organization, pageSize: String(pageSizeMax) };
      const query = parseQuery(JobsParameters, new URLSearchParams(values));
      await asOperator(async (operator) => {
        const viewer = await Viewer.fromOperator(operator, organization);
        const { batchJobs, total, isTotalExact } = await listBatchJobs(viewer, query);
        printTable(
          ["id", "status", "progress", "name"],
          batchJobs.map((job) => [
            job.id,
            job.status,
            `${job.contacts_processed} of ${job.total_contacts}`,
            job.name,
          ]),
        );
        const rest = total - (query.page - 1) * query.pageSize - batchJobs.length;
        const more = isTotalExact ? quantity(rest, "more job") : "more jobs";
        const hasMore = isTotalExact ? rest > 0 : batchJobs.length === query.pageSize;
        if (hasMore) console.error(`${more}: add --page ${query.page + 1}`);
      });
    });

  jobs
    .command("generate")
    .description("Generate batch jobs for testing, spread over three years.")
    .requiredOption("--organization <id>", "the organization to add the jobs to")
    .requiredOption("--count <number>", "number of jobs, 1 to 100000000")
    .option("--seed <number>", "seed of the random generator", "1")
    .option("--until <date>", "end of the three years", generatedUntil.toISOString().slice(0, 10))
    .action(async (given) => {
      const wanted = parseOptions(
        Generate,
        { count: Number(given.count), seed: Number(given.seed), until: given.until },
        { count: "--count", seed: "--seed", until: "--until" },
      );
      await asOperator(async (operator) => {
        const viewer = await Viewer.fromOperator(operator, given.organization);
        const bar = progressBar("jobs", wanted.count);
        const { inserted, updated, unchanged } = await generateBatchJobs(viewer, wanted, (done) =>
          bar.at(done),
        );
        bar.end();
        console.log(`inserted ${inserted}, updated ${updated}, unchanged ${unchanged}`);
      });
    });

  jobs
    .command("check-counts")
    .description("Check the stored job counts, used for totals and deep pages, against the jobs.")
    .option("--organization <id>", "check only this organization")
    .option("--repair", "correct wrong counts")
    .action(({ organization, repair }) =>
      asOperator(async (operator) => {
        const ids = organization
          ? [(await Viewer.fromOperator(operator, organization)).organizationId]
          : (await listOrganizations(operator)).map(({ id }) => id);
        const bar = progressBar("organizations", ids.length);
        const sum = { wrong: 0, jobs: 0 };
        for (const [at, id] of ids.entries()) {
          const { jobs, errors } = await checkCounts(operator, id);
          for (const error of errors) bar.say(`${id}: ${error}`);
          if (repair && errors.length > 0) await repairCounts(operator, id);
          sum.wrong += errors.length > 0 ? 1 : 0;
          sum.jobs += jobs;
          bar.at(at + 1);
        }
        bar.end();
        const found =
          sum.wrong === 0 ? "all counts are correct" : `wrong in ${sum.wrong}${repair ? ", repaired" : ""}`;
        console.log(`${quantity(ids.length, "organization")}, ${quantity(sum.jobs, "job")}: ${found}`);
        if (sum.wrong > 0 && !repair) process.exitCode = 1;
      }),
    );

  addLifecycleCommands(jobs);
}

const Generate = z.object({
  count: z
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(100_000_000, "must be at most 100000000"),
  seed: z
    .int("must be a whole number")
    .min(0, "must not be negative")
    .max(4_294_967_295, "must be at most 4294967295"),
  until: z.iso.date("must be a date like 2026-01-01").transform((date) => new Date(`${date}T00:00:00Z`)),
});

function report(summary: ImportSummary): void {
  const { inserted, updated, unchanged, kept, refused, ignoredFields, isWritten } = summary;
  for (const [name, rows] of ignoredFields)
    console.error(`Ignored unknown field ${printable(name)} (${quantity(rows, "row")})`);
  if (kept > 0) {
    console.error(
      `Kept status, counts and times of ${quantity(kept, "job")}, because this server has the contacts`,
    );
  }
  if (!isWritten) console.error("Nothing was imported, because a row was refused and --atomic is set.");
  console.log(`inserted ${inserted}, updated ${updated}, unchanged ${unchanged}, refused ${refused}`);
  if (refused > 0) process.exitCode = 1;
}
