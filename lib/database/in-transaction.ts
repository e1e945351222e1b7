import type { Transaction } from "kysely";
import type { Database } from "@/db/schema";
import { database } from "./database";

/** Runs what a form changes in one transaction. @param run a function that takes a Viewer, and the transaction. */
export function inTransaction<T>(run: (db: Transaction<Database>) => Promise<T>): Promise<T> {
  return database().transaction().execute(run);
}
