import type { z } from "zod";
import { Operator } from "../../access/operator";
import { printable } from "../../format/text";
import { inUtcSeconds } from "../../format/time";
import { HttpError } from "../../http/http-error";
import { openDatabase } from "../open-database";
import { bringUpTables } from "../tables";

/** Runs an operator's command on the database, its tables at this version, and closes it again. */
export async function asOperator(command: (operator: Operator) => Promise<void>): Promise<void> {
  const database = await openDatabase("batch-jobs admin");
  try {
    await bringUpTables(database.client);
    await command(Operator.atCommandLine());
  } finally {
    await database.close();
  }
}

/**
 * Checks what was typed.
 * @param options how each field is called on the command line.
 * @throws HttpError that names the option and what is wrong with it.
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

/**
 * Writes rows on standard output: columns parted by tabs, under a line of names, for people and `cut`. Values are
 * escaped where a terminal would act on them.
 */
export function printTable(names: string[], rows: (string | null)[][]): void {
  for (const row of [names, ...rows]) {
    // A tab or line end inside a value would look like another column or row.
    console.log(row.map((value) => printable((value ?? "").replace(/\s/g, " "))).join("\t"));
  }
}

/** UTC in whole seconds, or nothing. */
export function printTime(time: Date | null): string | null {
  return time && inUtcSeconds(time);
}
