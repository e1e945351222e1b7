import type { z } from "zod";
import { Operator } from "../../access/operator";
import { printable } from "../../format/text";
import { inUtcSeconds } from "../../format/time";
import { HttpError } from "../../http/http-error";
import { migrateClient } from "../migrate";
import { openDatabase } from "../open-database";

export async function asOperator(command: (operator: Operator) => Promise<void>): Promise<void> {
  const database = await openDatabase("batch-jobs admin");
  try {
    await migrateClient(database.client);
    await command(Operator.atCommandLine());
  } finally {
    await database.close();
  }
}

/**
 * Validates options.
 * @param options the name of each field on the command line.
 * @throws HttpError with a sentence for each invalid option.
 */
export function parseOptions<S extends z.ZodObject>(
  schema: S,
  given: Record<string, unknown>,
  options: { [name in keyof z.infer<S>]?: string },
): z.infer<S> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const sentences = result.error.issues.map(
    ({ path, message }) =>
      `${options[String(path[0]) as keyof typeof options] ?? String(path[0])} ${message}`,
  );
  throw new HttpError(400, "invalid_option", sentences.join("\n"));
}

/** Prints a header and rows, separated by tabs, with control characters escaped. */
export function printTable(names: string[], rows: (string | null)[][]): void {
  for (const row of [names, ...rows]) {
    // A tab or newline in a value would look like another column or row.
    console.log(row.map((value) => printable((value ?? "").replace(/\s/g, " "))).join("\t"));
  }
}

export function printTime(time: Date | null): string | null {
  return time && inUtcSeconds(time);
}
