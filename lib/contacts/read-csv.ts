import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { CsvError, parse } from "csv-parse";
import { textOfCell } from "../format/csv";
import { isPhoneNumber, parsePhoneNumber } from "../format/phone-number";
import { HttpError } from "../http/http-error";
import { decodeUtf8 } from "../http/json-body";
import { quoted } from "../http/quoted";
import { exportColumns, isExport, memberOfExport } from "./export-columns";
import { contactsMax, type NewContact } from "./schema";

/** Blank and refused rows count, too: a file is read only so far. */
const rowsMax = 2 * contactsMax;
/** Each contact has the names of all columns. */
const columnsMax = 100;
const columnNameMax = 64;
/** With the line breaks in its quotes. Without a bound, all of a file whose row or quote never ends would be parsed. */
const rowBytesMax = 256 * 1_024;
/** As much as csv-parse reads in some milliseconds. */
const sliceBytes = 32 * 1_024;
/** Rows that become contacts in some milliseconds. */
const sliceRows = 200;

interface CsvContacts {
  contacts: NewContact[];
  /** Rows that were left out, and why. Their numbers are those of a spreadsheet, where the header is row 1. */
  refused: { row: number; reason: string }[];
}

const invalidCsv = (detail: string) => new HttpError(400, "invalid_csv", detail);

/** The error for a CSV without a column `phone`. Its detail lists all columns (contract). */
export class MissingPhoneColumn extends HttpError {
  constructor(readonly columns: string[]) {
    const found = columns.map((name) => `'${name.slice(0, columnNameMax)}'`).join(", ");
    super(400, "missing_phone_column", `CSV must have 'phone' column. Found columns: [${found}]`);
  }
}

/**
 * Reads contacts from CSV with a header, which has a column `phone` in any case, and maybe `name`. All other columns are
 * members of the contact. The delimiter is a comma, or the semicolon or tab that spreadsheets write in some countries.
 * Blank rows, and rows whose number cannot be called or came before, are left out. Other requests are handled meanwhile.
 *
 * @param options.isLenient whether to accept what the API's contract refuses: numbers that
 *   parsePhoneNumber reads, a column `phoneNumber` or `phone number` instead of `phone`, and exported contacts.
 * @throws HttpError 400 for a file that is no CSV, has no such column, or no row with a number that can be called.
 */
export async function readCsvContacts(file: Buffer, { isLenient = false } = {}): Promise<CsvContacts> {
  const cellsMax = columnsMax + (isLenient ? exportColumns.length : 0);
  const [header = [], ...rows] = await parseRows(file, delimiterOf(decode(file)), cellsMax);
  const names = header.map((name) => name.trim());
  const isExported = isLenient && isExport(names);
  const members = isExported
    ? names.map((name) => memberOfExport(textOfCell(name)))
    : membersOf(names, isLenient);
  checkColumns(names, members);

  const contacts = new Map<string, NewContact>();
  const refused: CsvContacts["refused"] = [];
  for (const [at, fields] of rows.entries()) {
    if (at % sliceRows === 0) await setImmediate();
    if (fields.every((field) => field.trim() === "")) continue;
    const textOf = (index: number) => (isExported ? textOfCell(fields[index] ?? "") : (fields[index] ?? ""));
    const data = members.flatMap((name, index) => (name === "" ? [] : [[name, textOf(index)]]));
    const given = textOf(members.indexOf("phone")).trim();
    const phone = (isLenient && parsePhoneNumber(given)) || given;
    const reason =
      problemIn(phone) ?? (contacts.has(phone) ? `${phone} is a duplicate of an earlier row` : undefined);
    if (reason === undefined) contacts.set(phone, { ...Object.fromEntries(data), phone });
    else refused.push({ row: at + 2, reason });
  }
  if (contacts.size === 0) {
    const [first] = refused;
    const why = first ? `: row ${first.row}, column phone: ${first.reason}` : ": it has no rows";
    throw new HttpError(400, "no_valid_contacts", `The CSV has no phone number that can be called${why}`);
  }
  return { contacts: [...contacts.values()], refused };
}

/** The members of a contact that the columns are. */
function membersOf(names: string[], isLenient: boolean): string[] {
  const members = names.map((name) => (/^(phone|name)$/i.test(name) ? name.toLowerCase() : name));
  if (!isLenient || members.includes("phone")) return members;
  return members.map((name) => (/^phone[ _-]?number$/i.test(name) ? "phone" : name));
}

function checkColumns(names: string[], members: string[]): void {
  // A column without a name counts, unless it is one of an export that is left out.
  const count = names.filter((name, at) => name === "" || members[at] !== "").length;
  if (count > columnsMax) throw invalidCsv(`The CSV can have at most ${columnsMax} columns; got ${count}`);
  const long = names.findIndex((name) => name.length > columnNameMax);
  if (long !== -1) {
    const name = quoted(names[long] ?? "");
    throw invalidCsv(
      `Row 1, column ${long + 1}: a name can have at most ${columnNameMax} characters; got ${name}`,
    );
  }
  if (!members.includes("phone")) throw new MissingPhoneColumn(names);
  const repeated = members.find((name, at) => name !== "" && members.indexOf(name) !== at);
  if (repeated !== undefined) throw invalidCsv(`The CSV has the column ${quoted(repeated)} twice`);
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

/** The most frequent one in the first line, which is cut as a row is. */
function delimiterOf(text: string): string {
  const [header = ""] = text.slice(0, rowBytesMax).split("\n", 1);
  const counted = [",", ";", "\t"].map((delimiter) => ({ delimiter, count: header.split(delimiter).length }));
  return counted.reduce((most, other) => (other.count > most.count ? other : most)).delimiter;
}

async function parseRows(file: Buffer, delimiter: string, cellsMax: number): Promise<string[][]> {
  const rows: string[][] = [];
  let rowStart = 0;
  const checkSize = (end: number) => {
    if (end - rowStart <= rowBytesMax) return;
    const most = `at most ${rowBytesMax / 1_024} KiB and ${columnsMax} columns`;
    throw invalidCsv(`Row ${rows.length + 1} is too long, or has an open quote: a row can have ${most}`);
  };
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    on_record(cells: string[], { bytes }) {
      if (rows.length > rowsMax) {
        const detail = `Too many contacts: at most ${contactsMax}; the CSV has more than ${rowsMax} rows`;
        throw new HttpError(400, "too_many_contacts", detail);
      }
      checkSize(bytes);
      if (cells.length > cellsMax) {
        const inRow = rows.length === 0 ? "" : ` in row ${rows.length + 1}`;
        throw invalidCsv(`The CSV can have at most ${columnsMax} columns; got ${cells.length}${inRow}`);
      }
      rowStart = bytes;
      rows.push(cells);
      // Rows are collected here, not read from the stream, which would pass on each in a tick of its own.
      return null;
    },
  });
  async function* slices() {
    for (let at = 0; at < file.length; at += sliceBytes) {
      checkSize(at);
      yield file.subarray(at, at + sliceBytes);
      await setImmediate();
    }
  }
  try {
    await pipeline(slices, parser.resume());
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const [row, column] = [Number(error.records) + 1, Number(error.column) + 1];
    throw invalidCsv(`The CSV can't be read in row ${row}, column ${column}: ${error.message}`);
  }
  return rows;
}
