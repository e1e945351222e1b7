import { buffer } from "node:stream/consumers";
import type { Command } from "commander";
import { Viewer } from "../../access/viewer";
import { cancelBatchJob } from "../../batch-jobs/cancel";
import { findWrongCounters, repairCounters } from "../../batch-jobs/check-contacts";
import { createBatchJob } from "../../batch-jobs/create";
import { findBatchJob } from "../../batch-jobs/find";
import { rescheduleBatchJob } from "../../batch-jobs/reschedule";
import { readStartTime, readTimeZone, type Schedule } from "../../batch-jobs/schedule";
import { FindBatchJobQuery, NewBatchJob } from "../../batch-jobs/schema";
import { startBatchJob } from "../../batch-jobs/start";
import { countContactsByStatus } from "../../contacts/counts";
import { readCsvContacts } from "../../contacts/read-csv";
import { database } from "../../database/database";
import { quantity } from "../../format/quantity";
import { printable } from "../../format/text";
import { HttpError } from "../../http/http-error";
import { isJsonObject, parseJson } from "../../http/json-body";
import { listOrganizations } from "../../organizations/list";
import { getOutboundAgent } from "../../phone-numbers/find";
import { openInput } from "../open-input";
import { asOperator, parseOptions } from "./run";

const optionNames = {
  contacts: "--contacts",
  fromPhoneNumberId: "--from",
  name: "--name",
  description: "--description",
  concurrentCallLimit: "--concurrent-call-limit",
  maxAttempts: "--max-attempts",
  scheduledStartTime: "--start",
  timezone: "--time-zone",
} as const;

/** Adds the commands for jobs whose contacts are here. */
export function addLifecycleCommands(jobs: Command): void {
  jobs
    .command("create")
    .description("Create a batch job with its contacts, and print its ID.")
    .requiredOption("--organization <id>", "the organization to add the job to")
    .requiredOption("--from <id>", "the ID of the phone number to call from")
    .requiredOption("--name <name>", "the job's name")
    .requiredOption(
      "--contacts <file>",
      "a JSON array, or CSV with a column phone, or exported contacts; - for standard input",
    )
    .option("--description <text>", "a description")
    .option("--concurrent-call-limit <number>", "maximum concurrent calls, 1 to 50", Number)
    .option("--max-attempts <number>", "maximum attempts per contact, 1 to 10", Number)
    .option(
      "--start <time>",
      "when to start, such as 2030-03-01T10:00:00; otherwise as soon as a dialer asks",
    )
    .option("--time-zone <name>", "the IANA time zone of --start", "UTC")
    .action(async ({ organization, contacts, ...given }) => {
      const fields = {
        fromPhoneNumberId: given.from,
        name: given.name,
        description: given.description,
        concurrentCallLimit: given.concurrentCallLimit,
        maxAttempts: given.maxAttempts,
        scheduledStartTime: given.start,
        timezone: given.timeZone,
      };
      // All of this before the file is read, whose skipped rows are reported.
      const options = parseOptions(NewBatchJob.omit({ contacts: true }), fields, optionNames);
      if (options.scheduledStartTime === null) readTimeZoneOption(options.timezone);
      else readStartOptions(options.scheduledStartTime, options.timezone);
      await asOperator(async (operator) => {
        const viewer = await Viewer.fromOperator(operator, organization);
        await getOutboundAgent(viewer, options.fromPhoneNumberId, database());
        const file = { contacts: await readContactsFile(contacts) };
        const job = { ...options, ...parseOptions(NewBatchJob.pick({ contacts: true }), file, optionNames) };
        const created = await database()
          .transaction()
          .execute((db) => createBatchJob(viewer, job, db));
        console.error(created.message);
        console.log(created.batchJobId);
      });
    });

  jobs
    .command("show")
    .description("Print a batch job and its first contacts as JSON, as the API does.")
    .requiredOption("--organization <id>", "the job's organization")
    .requiredOption("--id <id>", "the job's ID")
    .action(({ organization, id }) =>
      asOperator(async (operator) => {
        const viewer = await Viewer.fromOperator(operator, organization);
        const job = await findBatchJob(viewer, id, FindBatchJobQuery.parse({}));
        console.log(JSON.stringify(job, null, 2).split("\n").map(printable).join("\n"));
      }),
    );

  /** A command that changes a job in a transaction. @param act returns what to print. */
  const addChange = (
    verb: string,
    description: string,
    act: (...change: [...Parameters<typeof startBatchJob>, given: Record<string, string>]) => Promise<string>,
  ) =>
    jobs
      .command(verb)
      .description(description)
      .requiredOption("--organization <id>", "the job's organization")
      .requiredOption("--id <id>", "the job's ID")
      .action(({ organization, id, ...given }) =>
        asOperator(async (operator) => {
          const viewer = await Viewer.fromOperator(operator, organization);
          const change = database().transaction();
          console.log(await change.execute((db) => act(viewer, id, db, given)));
        }),
      );

  addChange("start", "Start a pending or scheduled batch job now.", async (viewer, id, db) => {
    const { contactsEnqueued } = await startBatchJob(viewer, id, db);
    return `Started: ${quantity(contactsEnqueued, "contact")} can be called now`;
  });

  addChange("cancel", "Cancel a batch job. Calls under way end normally.", async (viewer, id, db) => {
    const { contactsCancelled } = await cancelBatchJob(viewer, id, db);
    const dialing = await countContactsByStatus(viewer, id, "dialing", db);
    const rest = dialing > 0 ? `; ${quantity(dialing, "call")} under way will end normally` : "";
    return `Cancelled: ${quantity(contactsCancelled, "contact")} will not be called${rest}`;
  });

  addChange(
    "reschedule",
    "Schedule a pending batch job, or change its schedule.",
    async (viewer, id, db, given) => {
      const { start = "", timeZone = "" } = given;
      const schedule = readStartOptions(start, timeZone);
      const { scheduledStartTime } = await rescheduleBatchJob(viewer, id, schedule, db);
      return `Scheduled for ${scheduledStartTime}`;
    },
  )
    .requiredOption("--start <time>", "when to start, such as 2030-03-01T10:00:00")
    .option("--time-zone <name>", "the IANA time zone of --start", "UTC");

  jobs
    .command("check-contacts")
    .description(
      "Check each batch job's counters (total, processed, successful, failed) against its contacts.",
    )
    .option("--organization <id>", "check only this organization")
    .option("--repair", "correct wrong counters")
    .action(({ organization, repair }) =>
      asOperator(async (operator) => {
        const ids = organization ? [organization] : (await listOrganizations(operator)).map(({ id }) => id);
        const sum = { jobs: 0, wrong: 0 };
        for (const organizationId of ids) {
          const viewer = await Viewer.fromOperator(operator, organizationId);
          const { jobs, wrong } = await findWrongCounters(viewer);
          sum.jobs += jobs;
          sum.wrong += wrong.length;
          for (const { id, stored, counted, isOver } of wrong) {
            const words = (["total", "successful", "failed"] as const)
              .filter((name) => stored[name] !== counted[name])
              .map((name) => `${name} is ${stored[name]}, should be ${counted[name]}`);
            const over = isOver ? ["is running, should be completed"] : [];
            console.error(
              `${organizationId} ${id}: ${[...words, ...over].join("; ") || "processed is wrong"}`,
            );
            if (repair) await repairCounters(viewer, id);
          }
        }
        const found =
          sum.wrong === 0 ? "all counters are correct" : `wrong in ${sum.wrong}${repair ? ", repaired" : ""}`;
        console.log(`${quantity(sum.jobs, "job")}: ${found}`);
        if (sum.wrong > 0 && !repair) process.exitCode = 1;
      }),
    );
}

/** @throws HttpError that names the option. */
function readTimeZoneOption(timeZone: string): string {
  return namingOption("--time-zone", () => readTimeZone(timeZone));
}

/** @throws HttpError that names the option. */
function readStartOptions(start: string, timeZoneOption: string): Schedule {
  const timeZone = readTimeZoneOption(timeZoneOption);
  return { startTime: namingOption("--start", () => readStartTime(start, timeZone)), timeZone };
}

function namingOption<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const detail = error.detail.replace(/^scheduledStartTime /, "");
    throw new HttpError(400, "invalid_option", `${option}: ${detail}`);
  }
}

/** Rows of CSV that are left out are reported. @throws HttpError for a file that cannot be read. */
async function readContactsFile(file: string): Promise<unknown> {
  const bytes = await buffer((await openInput(file)).source);
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  if (/^\s*[[{]/.test(text)) {
    const value = parseJson(text);
    return isJsonObject(value) ? value.contacts : value;
  }
  const { contacts, refused } = await readCsvContacts(bytes, { isLenient: true });
  for (const { row, reason } of refused) console.error(printable(`row ${row}: ${reason}`));
  if (refused.length > 0) console.error(`Skipped ${quantity(refused.length, "row")}`);
  return contacts;
}
