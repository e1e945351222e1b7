/** Where a cell begins: at the start of a text, and after what a reader may take for a separator, with our quotes as text. */
const cellStart = String.raw`(^|[;\t\r\n]"*)`;
/** How a cell begins that spreadsheets may run as a formula, also in full width (OWASP, CSV injection). */
const formulaStart = String.raw`(?=[=+\-@\uff1d\uff0b\uff0d\uff20])`;
const formula = new RegExp(cellStart + formulaStart, "g");
const escapedFormula = new RegExp(`${cellStart}'${formulaStart}`, "g");
/** Spreadsheets may skip it, and run the rest. */
const leadingSpace = /^[\t\r\n]/;
/** A spreadsheet reads it as a number, which does no harm. */
const phoneNumber = /^\+[0-9]{1,15}$/;

export type CsvValue = string | number | null | undefined;

/** A cell as in RFC 4180; an apostrophe comes before what a spreadsheet would run. */
function cell(value: CsvValue): string {
  const text = String(value ?? "");
  const safe = phoneNumber.test(text) ? text : text.replace(formula, "$1'").replace(leadingSpace, "'$&");
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line as in RFC 4180, with its end. */
export function csvLine(values: CsvValue[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

/** The text of a cell that csvLine wrote: without the apostrophes before what a spreadsheet would run. */
export function textOfCell(cell: string): string {
  return cell.replace(/^'(?=[\t\r\n])/, "").replace(escapedFormula, "$1");
}
