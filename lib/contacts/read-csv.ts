import { CsvError, parse } from "csv-parse/sync";
import { isPhoneNumber } from "../format/phone-number";
import { HttpError } from "../http/http-error";
import { decodeUtf8 } from "../http/json-body";
import { quoted } from "../http/quoted";
import { contactsMax, type NewContact } from "./schema";

/** Blank and refused rows count, too: a file is read only so far. */
const rowsMax = 2 * contactsMax;
/** Each contact has the names of all columns. */
const columnsMax = 100;
const columnNameMax = 64;

interface CsvContacts {
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
 * @throws HttpError 400 for a file that is no CSV, has no such column, or no row with a number that can be called.
 */
export function readCsvContacts(file: Buffer): CsvContacts {
  const [header = [], ...rows] = parseRows(decode(file));
  if (rows.length > rowsMax) {
    const detail = `Too many contacts: at most ${contactsMax}; the CSV has more than ${rowsMax} rows`;
    throw new HttpError(400, "too_many_contacts", detail);
  }
  const names = header.map((name) => name.trim());
  if (names.length > columnsMax) {
    throw invalidCsv(`The CSV can have at most ${columnsMax} columns; got ${names.length}`);
  }
  const long = names.findIndex((name) => name.length > columnNameMax);
  if (long !== -1) {
    const name = quoted(names[long] ?? "");
    throw invalidCsv(
      `Row 1, column ${long + 1}: a name can have at most ${columnNameMax} characters; got ${name}`,
    );
  }
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
  if (contacts.size === 0) {
    const [first] = refused;
    const why = first ? `: row ${first.row}, column phone: ${first.reason}` : ": it has no rows";
    throw new HttpError(400, "no_valid_contacts", `The CSV has no phone number that can be called${why}`);
  }
  return { contacts: [...contacts.values()], refused };
}

function decode(file: Buffer): string {
  // A ZIP archive, which XLSX and ODS are.
  if (file.subarray(0, 4).toString("latin1") === "PK\x03\x04") {
    throw invalidCsv("The file is a spreadsheet: save it as CSV first");
  }
  const text = decodeUtf8(file, () => invalidCsv("The CSV is not valid UTF-8: save it as CSV UTF-8"));
  // PostgreSQL does not store it.
  if (text.includes("\0")) throw invalidCsv("The CSV must not contain NUL characters");
  return text;
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
    return parse(text, { bom: true, delimiter, relax_column_count: true, to: rowsMax + 2 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const [row, column] = [Number(error.records) + 1, Number(error.column) + 1];
    throw invalidCsv(`The CSV can't be read in row ${row}, column ${column}: ${error.message}`);
  }
}
