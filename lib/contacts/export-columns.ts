import type { CsvValue } from "../format/csv";
import type { Contact } from "./schema";

/** A cell for a member of a contact, which can be any JSON. */
export const toCell = (value: unknown): CsvValue =>
  typeof value === "string" || value === null || value === undefined ? value : JSON.stringify(value);

/** The columns of exported contacts that come before those of their own data: the API's fields. */
export const exportColumns: [name: string, value: (contact: Contact) => CsvValue][] = [
  ["contactId", ({ id }) => id],
  ["phoneNumber", ({ phoneNumber }) => phoneNumber],
  ["name", ({ contactData }) => toCell(contactData.name)],
  ["status", ({ status }) => status],
  ["attemptCount", ({ attemptCount }) => attemptCount],
  ["lastAttemptAt", ({ lastAttemptAt }) => lastAttemptAt],
  ["completedAt", ({ completedAt }) => completedAt],
  ["callDuration", ({ callDuration }) => callDuration],
  ["errorCode", ({ errorCode }) => errorCode],
  ["failureReason", ({ failureReason }) => failureReason],
  ["roomName", ({ roomName }) => roomName],
  ["nextRetryAt", ({ nextRetryAt }) => nextRetryAt],
];
const exportColumnNames = exportColumns.map(([name]) => name);

/** The column of a contact's own member, whose name can be one of those above. */
export function toOwnColumn(member: string): string {
  return exportColumnNames.includes(member) ? `contactData.${member}` : member;
}

/** Whether a file with these columns is one of exported contacts. */
export function isExport(columns: string[]): boolean {
  return columns.includes("contactId") && columns.includes("phoneNumber");
}

/** The member of a new contact that such a column is; empty for a column that is about the exported contact's calls. */
export function memberOfExport(column: string): string {
  if (column === "phoneNumber") return "phone";
  if (column === "name") return "name";
  if (exportColumnNames.includes(column)) return "";
  const own = column.replace(/^contactData\./, "");
  return exportColumnNames.includes(own) ? own : column;
}
