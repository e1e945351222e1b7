type State = "inside" | "complete" | "list" | "broken";

/** A job has three levels; deeper nesting usually means missing closing brackets. */
export const depthMax = 16;

/**
 * A JSON object that is read character by character from its `{` on, with just enough grammar to tell where it ends,
 * whether it is a list response (its key `batchJobs` has an array), and whether a `{` or a line break can belong to it.
 */
export class OpenRow {
  /** The row's part in earlier pieces of the text; empty if too long. */
  earlier = "";
  isTooLong = false;
  /** Open brackets beyond depthMax; such a row is skipped up to its end, but not beyond the line. */
  #deeper = 0;
  isTooDeep = false;
  readonly #brackets: string[] = [];
  /** The last character that is not white space; `"` for a whole string. */
  #previous = ":";
  #inString = false;
  #isEscaped = false;
  /** The last key of the outermost object. */
  #key = "";
  #inKey = false;

  constructor(readonly line: number) {}

  read(char: string): State {
    if (this.#inString) return this.#readInString(char);
    switch (char) {
      case "\n":
        return this.isTooDeep ? "broken" : "inside";
      case " ":
      case "\r":
      case "\t":
        return "inside";
      case '"':
        this.#inString = true;
        this.#inKey = this.#brackets.length === 1 && (this.#previous === "{" || this.#previous === ",");
        if (this.#inKey) this.#key = "";
        return "inside";
      case "{":
      case "[":
        return this.#open(char);
      case "}":
      case "]":
        return this.#close(char);
    }
    this.#previous = char;
    return "inside";
  }

  #readInString(char: string): State {
    if (char === "\n") return "broken"; // JSON strings have no line breaks: a quote is missing
    if (this.#isEscaped) {
      this.#isEscaped = false;
    } else if (char === "\\") {
      this.#isEscaped = true;
    } else if (char === '"') {
      this.#inString = false;
      this.#previous = '"';
    } else if (this.#inKey && this.#key.length < 16) {
      this.#key += char;
    }
    return "inside";
  }

  #open(bracket: string): State {
    const inArray = this.#deeper > 0 || this.#brackets.at(-1) === "[";
    const mayBegin =
      this.#previous === ":" || (inArray && (this.#previous === "[" || this.#previous === ","));
    if (!mayBegin) return "broken";
    if (this.#brackets.length === depthMax) {
      this.isTooDeep = true;
      this.#deeper++;
      this.#previous = bracket;
      return "inside";
    }
    if (bracket === "[" && this.#brackets.length === 1 && this.#key === "batchJobs") return "list";
    this.#brackets.push(bracket);
    this.#previous = bracket;
    return "inside";
  }

  #close(bracket: string): State {
    if (this.#deeper > 0) {
      this.#deeper--;
      this.#previous = bracket;
      return "inside";
    }
    if (this.#brackets.pop() !== (bracket === "}" ? "{" : "[")) return "broken";
    this.#previous = bracket;
    return this.#brackets.length === 0 ? "complete" : "inside";
  }
}
