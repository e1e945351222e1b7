import { placeOf } from "../../http/json-body";
import { BatchJob } from "../schema";

/** Why a row is refused, with the field (`retryPolicy.maxAttempts`) if one is invalid. */
export interface Refused {
  line: number;
  field?: string;
  reason: string;
}

const { description, scheduledStartTime, actualStartTime, completedAt } = BatchJob.shape;

/**
 * The API's job, but `organizationId` and nullable fields are optional, and unknown fields are ignored.
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
 * @returns the job and the names of ignored fields, or all errors of the row.
 */
export function readJob(
  bytes: string,
  line: number,
  organizationId: string,
): { job: BatchJob; ignoredFields: string[] } | { refused: Refused[] } {
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
    return { refused: [{ line, reason: `is not valid JSON${placeOf(error)}` }] };
  }
  if (isErrorResponse(value))
    return { refused: [{ line, reason: `is an error response, not a job: ${value.detail}` }] };
  const result = ImportedJob.safeParse(value);
  if (!result.success) {
    const refused = result.error.issues.map(({ path, message }) => {
      const isMissing = path.length > 0 && valueAt(value, path) === undefined;
      return { line, field: path.join("."), reason: isMissing ? "is missing" : asPredicate(message) };
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
    ignoredFields: Object.keys(value as object).filter((name) => !Object.hasOwn(BatchJob.shape, name)),
  };
}

/** The API's `{detail, code}`, which a client may have saved in place of a list. */
function isErrorResponse(value: unknown): value is { detail: string } {
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
function asPredicate(message: string): string {
  return message.replace(/^(Invalid input|Invalid option|Too big|Too small): /, "is invalid: ");
}
