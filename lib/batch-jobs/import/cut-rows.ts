import { depthMax, OpenRow } from "./open-row";

/** One job's JSON text, a character for each byte, and the line its `{` stands on, or a line where no job can be read. */
export type CutRow = { line: number; text: string } | { line: number; problem: string };

/** In bytes. A job has about 600; what is larger than this is no job. */
const rowLengthMax = 1_048_576;
const breaksOff = "is not valid JSON: it ends too early";
const tooLarge = "is larger than 1 MiB";
const tooDeep = `is nested deeper than ${depthMax} levels`;

/** What lies around the next job: an array, a response's `batchJobs`, or a response's other members. */
type Enclosure = "array" | "jobs" | "response";

/**
 * Cuts JSON into jobs, with their lines, in flat memory: one job a line, an array, whole list responses,
 * or several of these one after the other, on one line or pretty-printed.
 *
 * Works on bytes, each a character (`latin1`): what has a meaning here is ASCII, and a text that is not UTF-8
 * then spoils its own row alone.
 *
 * A broken row (cut off, a quote too few) is reported, and reading is taken up again on the line after
 * its first, so that it costs no other row. What a row holds is JSON.parse's to judge.
 */
export class RowCutter {
  #line = 1;
  readonly #enclosures: Enclosure[] = [];
  #row: OpenRow | undefined;
  #rows: CutRow[] = [];
  /** Between rows: in a string, how deep in a response's other members, the last character seen. */
  #inString = false;
  #depth = 0;
  #previous = "";
  /** The line up to which nothing is reported again: junk has one report a line. */
  #reportedLine = 0;

  /** Takes the next piece of the text and gives the rows that it completes. */
  push(text: string): CutRow[] {
    let rest: string | undefined = text;
    while (rest !== undefined) rest = this.#read(rest);
    return this.#rows.splice(0);
  }

  /** Gives what is left when the text is over. */
  end(): CutRow[] {
    while (this.#row) {
      const rest: string = this.#giveUp(
        this.#row,
        this.#row.earlier,
        this.#row.isTooDeep ? tooDeep : breaksOff,
      );
      this.push(rest).forEach((row) => void this.#rows.push(row));
    }
    if (this.#previous === "") this.#report(1, "is empty: there is nothing to import");
    if (this.#enclosures.length > 0)
      this.#report(this.#line, "ends before the list does: the file may be truncated");
    return this.#rows.splice(0);
  }

  /** Reads a text to its end, or to where a row breaks. @returns what then is to be read anew. */
  #read(text: string): string | undefined {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at] as string;
      if (!this.#row && this.#takeOutside(char)) {
        this.#row = new OpenRow(this.#line);
        start = at;
      }
      if (this.#row) {
        const row: OpenRow = this.#row;
        const verdict = row.take(char);
        if (verdict === "broken")
          return (
            this.#giveUp(row, row.earlier + text.slice(start, at), row.isTooDeep ? tooDeep : breaksOff) +
            text.slice(at)
          );
        if (verdict !== "inside") {
          this.#row = undefined;
          if (verdict === "complete") this.#finish(row, row.earlier + text.slice(start, at + 1));
          else this.#enclosures.push("response", "jobs");
          start = at + 1;
        }
      }
      if (char === "\n") this.#line++;
    }
    return this.#row && this.#keep(this.#row, text.slice(start));
  }

  /**
   * Keeps a piece of a row until its end comes. One that gets too long is given up, so that the lines after
   * its first are read anew; one on a single line is followed to its end without being kept.
   */
  #keep(row: OpenRow, piece: string): string | undefined {
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

  /** Reports a row. @returns what of it stands after its first line, to be read anew. */
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

  /** Takes a character between rows. @returns whether it begins one. */
  #takeOutside(char: string): boolean {
    if (this.#inString) {
      this.#inString = char !== '"' && char !== "\n";
      return false;
    }
    if (/[\s\xEF\xBB\xBF]/.test(char)) return false; // the last three are a byte order mark
    const previous = this.#previous;
    this.#previous = char;
    if (char === '"') this.#inString = true;
    if (this.#enclosures.at(-1) === "response") {
      if (this.#takeOfResponse(char, previous)) return false;
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

  /** Takes a character of a response's other members. @returns false when it cannot be one. */
  #takeOfResponse(char: string, previous: string): boolean {
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
