import { depthMax, OpenRow } from "./open-row";

/** A job's JSON, a character for each byte, and the line of its `{`; or what is wrong with a line. */
export type CutRow = { line: number; text: string } | { line: number; problem: string };

/** The longest row that is read, in bytes; a job has about 600. */
const rowLengthMax = 1_048_576;
const incomplete = "is not valid JSON: it ends too early";
const tooLarge = "is larger than 1 MiB";
const tooDeep = `is nested deeper than ${depthMax} levels`;

/** What surrounds the next job: an array, a response's `batchJobs`, or the response itself. */
type Enclosure = "array" | "jobs" | "response";

/**
 * Splits JSON into jobs in constant memory: one job per line, an array, whole list responses, or several of these, on one
 * line or pretty-printed.
 *
 * Each byte is a character (`latin1`): the syntax is ASCII, and a byte that is not UTF-8 affects only its own row.
 *
 * A broken row (cut off, a missing quote) is reported, and reading continues on the line after its first, so that no other
 * row is lost. JSON.parse checks the rows afterwards.
 */
export class RowCutter {
  #line = 1;
  readonly #enclosures: Enclosure[] = [];
  #row: OpenRow | undefined;
  #rows: CutRow[] = [];
  /** Between rows: whether in a string, how deep in a response's other fields, the last character. */
  #inString = false;
  #depth = 0;
  #previous = "";
  /** Up to this line nothing is reported again: one report per line is enough. */
  #reportedLine = 0;

  /** @returns the rows that this piece of the text completes. */
  push(text: string): CutRow[] {
    let rest: string | undefined = text;
    while (rest !== undefined) rest = this.#read(rest);
    return this.#rows.splice(0);
  }

  /** Ends the text. @returns the remaining rows. */
  end(): CutRow[] {
    while (this.#row) {
      const rest: string = this.#giveUp(
        this.#row,
        this.#row.earlier,
        this.#row.isTooDeep ? tooDeep : incomplete,
      );
      this.push(rest).forEach((row) => void this.#rows.push(row));
    }
    if (this.#previous === "") this.#report(1, "is empty: there is nothing to import");
    if (this.#enclosures.length > 0)
      this.#report(this.#line, "ends before the list does: the file may be truncated");
    return this.#rows.splice(0);
  }

  /** Reads a text up to a broken row. @returns what must be read again. */
  #read(text: string): string | undefined {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at] as string;
      if (!this.#row && this.#readOutside(char)) {
        this.#row = new OpenRow(this.#line);
        start = at;
      }
      if (this.#row) {
        const row: OpenRow = this.#row;
        const state = row.read(char);
        if (state === "broken")
          return (
            this.#giveUp(row, row.earlier + text.slice(start, at), row.isTooDeep ? tooDeep : incomplete) +
            text.slice(at)
          );
        if (state !== "inside") {
          this.#row = undefined;
          if (state === "complete") this.#finish(row, row.earlier + text.slice(start, at + 1));
          else this.#enclosures.push("response", "jobs");
          start = at + 1;
        }
      }
      if (char === "\n") this.#line++;
    }
    return this.#row && this.#store(this.#row, text.slice(start));
  }

  /**
   * Stores a piece of an unfinished row. A row that gets too long is given up, and the lines after its first are read
   * again; a single line is skipped to its end.
   */
  #store(row: OpenRow, piece: string): string | undefined {
    if (row.isTooLong) return undefined;
    row.earlier += piece;
    if (row.earlier.length <= rowLengthMax) return undefined;
    if (row.earlier.includes("\n")) return this.#giveUp(row, row.earlier, tooLarge);
    row.isTooLong = true;
    row.earlier = "";
    return undefined;
  }

  #finish(row: OpenRow, text: string): void {
    if (row.isTooLong || text.length > rowLengthMax) this.#report(row.line, tooLarge);
    else if (row.isTooDeep) this.#report(row.line, tooDeep);
    else this.#rows.push({ line: row.line, text });
  }

  /** Reports a row. @returns the lines after its first, which must be read again. */
  #giveUp(row: OpenRow, text: string, problem: string): string {
    this.#row = undefined;
    this.#report(row.line, problem);
    const lineEnd = text.indexOf("\n");
    if (lineEnd === -1 || row.isTooLong) return "";
    this.#line = row.line + 1;
    return text.slice(lineEnd + 1);
  }

  #report(line: number, problem: string): void {
    this.#rows.push({ line, problem });
    this.#reportedLine = Math.max(this.#reportedLine, line);
  }

  /** Reads a character between rows. @returns whether a row begins. */
  #readOutside(char: string): boolean {
    if (this.#inString) {
      this.#inString = char !== '"' && char !== "\n";
      return false;
    }
    if (/[\s\xEF\xBB\xBF]/.test(char)) return false; // the last three are a byte order mark
    const previous = this.#previous;
    this.#previous = char;
    if (char === '"') this.#inString = true;
    if (this.#enclosures.at(-1) === "response") {
      if (this.#readInResponse(char, previous)) return false;
      this.#enclosures.pop();
    }
    if (char === "{") return true;
    if (char === "[" && this.#enclosures.length === depthMax) {
      if (this.#line > this.#reportedLine) this.#report(this.#line, tooDeep);
    } else if (char === "[") this.#enclosures.push("array");
    else if (char === "]") this.#enclosures.pop();
    else if (char !== "," && char !== "}" && this.#line > this.#reportedLine) {
      this.#report(this.#line, "is not a JSON object");
    }
    return false;
  }

  /** Reads a character of a response's other fields. @returns false when it cannot belong to one. */
  #readInResponse(char: string, previous: string): boolean {
    if (char === "{" || char === "[") {
      if (this.#depth === 0 && previous !== ":") {
        this.#report(this.#line, "begins a new value before the list response ends");
        return false;
      }
      this.#depth++;
    } else if (char === "}" || char === "]") {
      if (this.#depth === 0) this.#enclosures.pop();
      else this.#depth--;
    }
    return true;
  }
}
