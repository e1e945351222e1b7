/** Spreadsheets may run a cell that begins like this as a formula, also in full width (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/** A spreadsheet reads it as a number, which does no harm. */
const phoneNumber = /^\+[0-9]{1,15}$/;

export type CsvValue = string | number | null | undefined;

/** A cell as in RFC 4180; what a spreadsheet would run begins with an apostrophe instead. */
function cell(value: CsvValue): string {
  const text = String(value ?? "");
  const safe = formula.test(text) && !phoneNumber.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line as in RFC 4180, with its end. */
export function csvLine(values: CsvValue[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

/** The text of a cell that csvLine wrote: without the apostrophe before what a spreadsheet would run. */
export function textOfCell(cell: string): string {
  return cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;
}
