import { CsvError, parse } from "csv-parse/sync";
import { isPhoneNumber } from "../format/phone-number";
import { HttpError } from "../http/http-error";
import { quoted } from "../http/quoted";
import type { NewContact } from "./schema";

export interface CsvContacts {
  contacts: NewContact[];
  /** Rows that were left out, and why. Their numbers are those of a spreadsheet, where the header is row 1. */
  refused: { row: number; reason: string }[];
}

const invalidCsv = (detail: string) => new HttpError(400, "invalid_csv", detail);

/**
 * Reads contacts from CSV with a header, which has a column `phone` in any case, and maybe `name`. All other columns are
 * members of the contact. The delimiter is a comma, or the semicolon or tab that spreadsheets write in some countries.
 * Blank rows, and rows whose number cannot be called or came before, are left out.
 *
 * @throws HttpError 400 for a text that is no CSV, or has no such column.
 */
export function readCsvContacts(text: string): CsvContacts {
  const [header = [], ...rows] = parseRows(text);
  const names = header.map((name) => name.trim());
  const columns = names.map((name) => (/^(phone|name)$/i.test(name) ? name.toLowerCase() : name));
  if (!columns.includes("phone")) {
    const found = names.map((name) => `'${name.slice(0, 64)}'`).join(", ");
    throw new HttpError(
      400,
      "missing_phone_column",
      `CSV must have 'phone' column. Found columns: [${found}]`,
    );
  }
  const repeated = columns.find((name, at) => name !== "" && columns.indexOf(name) !== at);
  if (repeated !== undefined) throw invalidCsv(`The CSV has the column ${quoted(repeated)} twice`);

  const contacts = new Map<string, NewContact>();
  const refused: CsvContacts["refused"] = [];
  for (const [at, fields] of rows.entries()) {
    if (fields.every((field) => field.trim() === "")) continue;
    const members = columns.flatMap((name, index) => (name === "" ? [] : [[name, fields[index] ?? ""]]));
    const phone = fields[columns.indexOf("phone")]?.trim() ?? "";
    const reason =
      problemIn(phone) ?? (contacts.has(phone) ? `${phone} is a duplicate of an earlier row` : undefined);
    if (reason === undefined) contacts.set(phone, { ...Object.fromEntries(members), phone });
    else refused.push({ row: at + 2, reason });
  }
  return { contacts: [...contacts.values()], refused };
}

function problemIn(phone: string): string | undefined {
  if (isPhoneNumber(phone)) return undefined;
  if (phone === "") return "no phone number";
  const isRounded = /^\d([.,]\d+)?E\+?\d+$/i.test(phone);
  return `Invalid phone number format: ${quoted(phone)}${isRounded ? ", as a spreadsheet shortens numbers: format the column as text" : ""}`;
}

function parseRows(text: string): string[][] {
  const [header = ""] = text.split("\n", 1);
  const count = (delimiter: string) => header.split(delimiter).length;
  const [delimiter = ","] = [",", ";", "\t"].sort((a, b) => count(b) - count(a));
  try {
    return parse(text, { bom: true, delimiter, relax_column_count: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalidCsv(`The CSV can't be read: ${error.message}`);
  }
}
