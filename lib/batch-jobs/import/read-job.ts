import { BatchJob } from "../schema";

/** What is wrong with a row: the field in question, as `retryPolicy.maxAttempts`, and why. */
export interface Refused {
  line: number;
  field?: string;
  reason: string;
}

const { description, scheduledStartTime, actualStartTime, completedAt } = BatchJob.shape;

/**
 * The contract's job, as an import takes it: without `organizationId` it belongs to the organization that
 * imports; what may be null may be absent; members that the contract does not have are left out, and named at the end.
 */
const ImportedJob = BatchJob.strip()
  .partial({ organizationId: true })
  .extend({
    description: description.default(null),
    scheduledStartTime: scheduledStartTime.default(null),
    actualStartTime: actualStartTime.default(null),
    completedAt: completedAt.default(null),
  })
  .superRefine((job, context) => {
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: "custom", path: [field], message });
    if (job.contactsProcessed > job.totalContacts) {
      refuse("contactsProcessed", `must not be more than totalContacts (${job.totalContacts})`);
    }
    if (job.successfulCalls + job.failedCalls > job.contactsProcessed) {
      refuse(
        "successfulCalls",
        `and failedCalls together must not be more than contactsProcessed (${job.contactsProcessed})`,
      );
    }
  });

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads one row of an import.
 *
 * @param bytes its JSON in UTF-8, a character for each byte.
 * @returns the job and the members that were left out, or all that is wrong with the row.
 */
export function readJob(
  bytes: string,
  line: number,
  organizationId: string,
): { job: BatchJob; leftOut: string[] } | { refused: Refused[] } {
  let text: string;
  try {
    text = utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return { refused: [{ line, reason: "is not UTF-8 text" }] };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { refused: [{ line, reason: `is not valid JSON: ${(error as Error).message}` }] };
  }
  if (isErrorAnswer(value))
    return { refused: [{ line, reason: `is an error response, not a job: ${value.detail}` }] };
  const result = ImportedJob.safeParse(value);
  if (!result.success) {
    const refused = result.error.issues.map(({ path, message }) => {
      const isMissing = path.length > 0 && valueAt(value, path) === undefined;
      return { line, field: path.join("."), reason: isMissing ? "is missing" : plainly(message) };
    });
    return { refused };
  }
  const job = { ...result.data, organizationId };
  if (result.data.organizationId !== undefined && result.data.organizationId !== organizationId) {
    const reason = `is ${result.data.organizationId}, but the import is for ${organizationId}`;
    return { refused: [{ line, field: "organizationId", reason }] };
  }
  return {
    job,
    leftOut: Object.keys(value as object).filter((name) => !Object.hasOwn(BatchJob.shape, name)),
  };
}

/** The contract's `{detail, code}`, which a client may have saved in place of a list. */
function isErrorAnswer(value: unknown): value is { detail: string } {
  const { id, detail, code } = (value ?? {}) as Record<string, unknown>;
  return id === undefined && typeof detail === "string" && typeof code === "string";
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce(
    (inside, key) => (inside as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
}

/** zod's "Invalid input: expected int, received string" as the end of a sentence. */
function plainly(message: string): string {
  return message.replace(/^(Invalid input|Invalid option|Too big|Too small): /, "is invalid: ");
}
