import { z } from "zod";
import { BatchJobForm, fieldOfText } from "@/lib/batch-jobs/form";
import { readStartTime, readTimeZone } from "@/lib/batch-jobs/schedule";
import type { NewBatchJob } from "@/lib/batch-jobs/schema";
import { MissingPhoneColumn, readCsvContacts } from "@/lib/contacts/read-csv";
import { readContacts } from "@/lib/contacts/schema";
import { HttpError } from "@/lib/http/http-error";
import { InvalidFields } from "@/lib/http/invalid-fields";
import { uploadSizeMax } from "@/lib/http/json-body";
import { quoted } from "@/lib/http/quoted";
import { LocalTime, timeErrorFields, timeErrors } from "../components/local-time";
import { type FieldName, fieldLabels, fieldNames, type Problems } from "./fields";
import type { NewJobBody } from "./read-body";

const JobFields = BatchJobForm.omit({ file: true, scheduledStartTime: true, timezone: true }).extend({
  start: z.enum(["now", "later"], "must be now or later"),
});

const missing: Problems = {
  name: "Enter a name.",
  fromPhoneNumberId: "Choose a phone number.",
  start: "Choose when to start.",
  date: "Enter a date, like 2027-03-01.",
  time: "Enter a time, like 10:30.",
  timeZone: "Choose a time zone.",
  file: "Choose a CSV file.",
};

/** The fields that errors of lib are about. */
const fieldsOfErrors: Record<string, FieldName> = {
  phone_number_not_found: "fromPhoneNumberId",
  no_outbound_agent: "fromPhoneNumberId",
  ...timeErrorFields,
};

/** The same error beside its field, if it is one of a field. */
export function toFieldError(error: unknown): unknown {
  if (!(error instanceof HttpError)) return error;
  const field = fieldsOfErrors[error.code];
  return field ? new InvalidFields({ [field]: `${error.detail}.` }) : error;
}

/**
 * Makes a job of the form's fields, as `POST /batch/create` does.
 *
 * @returns the job, and the rows of the file that are no contacts.
 * @throws InvalidFields with a sentence for each field that is wrong.
 */
export async function readJob({ texts, file, isTooLarge }: NewJobBody) {
  const problems: Problems = {};
  const fields = parse(JobFields, texts, problems);
  const isLater = texts.start === "later";
  const time = isLater ? parse(LocalTime, texts, problems) : undefined;
  const scheduledStartTime = time ? `${time.date}T${time.time}` : null;
  const timezone = time?.timeZone ?? "UTC";
  if (scheduledStartTime) checkTime(scheduledStartTime, timezone, problems);
  const csv = await readFile(file, isTooLarge, problems);
  if (!fields || !csv || (isLater && !time) || Object.keys(problems).length > 0) {
    throw new InvalidFields(inOrder(problems));
  }
  const { start: _, ...given } = fields;
  const job: NewBatchJob = { ...given, contacts: csv.contacts, scheduledStartTime, timezone };
  return { job, skippedRows: csv.refused };
}

const inOrder = (problems: Problems): Record<string, string> =>
  Object.fromEntries(fieldNames.flatMap((name) => (problems[name] ? [[name, problems[name]]] : [])));

/** @returns undefined after noting problems. An empty field counts as missing. */
function parse<S extends z.ZodObject>(
  schema: S,
  texts: Record<string, string>,
  problems: Problems,
): z.infer<S> | undefined {
  const given = Object.entries(texts).filter(([, text]) => text !== "");
  const result = schema.safeParse(
    Object.fromEntries(given.map(([name, text]) => [name, fieldOfText(name, text)])),
  );
  for (const { path, message } of result.error?.issues ?? []) {
    const name = fieldNames.find((one) => one === path[0]);
    if (name === undefined) continue;
    const text = texts[name] ?? "";
    const got = `${fieldLabels[name]} ${message}; you entered ${quoted(text)}.`;
    problems[name] ??= text === "" ? (missing[name] ?? got) : got;
  }
  return result.data;
}

function checkTime(time: string, timeZone: string, problems: Problems): void {
  try {
    readStartTime(time, readTimeZone(timeZone));
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const sentence = (timeErrors as Record<string, string>)[error.code] ?? error.detail;
    const zone = error.code === "invalid_timezone" ? quoted(timeZone) : timeZone;
    problems[fieldsOfErrors[error.code] ?? "date"] =
      `${sentence} You entered ${time.replace("T", " ")} in ${zone}.`;
  }
}

async function readFile(file: Buffer | undefined, isTooLarge: boolean, problems: Problems) {
  if (isTooLarge) problems.file = `The file is too large: it can have at most ${uploadSizeMax}.`;
  else if (!file) problems.file = missing.file;
  else {
    try {
      const csv = await readCsvContacts(file, { isLenient: true });
      return { ...csv, contacts: readContacts(csv.contacts) };
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      problems.file =
        error instanceof MissingPhoneColumn ? describeMissingColumn(error.columns) : `${error.detail}.`;
    }
  }
  return undefined;
}

/** How much of the columns' names the cookie with the problems has room for. */
const columnsLengthMax = 300;

function describeMissingColumn(columns: string[]): string {
  const names = columns.filter((name) => name !== "").map(quoted);
  if (names.length === 0) return "The file has no column named phone. Its first row must name the columns.";
  const shown = names.filter((_, at) => names.slice(0, at + 1).join().length <= columnsLengthMax);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  return `The file has no column named phone. Its first row names these columns: ${shown.join(", ")}${more}.`;
}
