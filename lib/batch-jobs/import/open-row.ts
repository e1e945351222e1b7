type Verdict = "inside" | "complete" | "list" | "broken";

/** A job is three deep; what is deeper than this is none, or lacks its closing brackets. */
export const depthMax = 16;

/**
 * A JSON object that is being read character by character, from its `{` on. It knows just enough of
 * JSON's grammar to tell where the object ends, that it turns out to be a list response (its key
 * `batchJobs` is followed by an array), and that a `{` or line end cannot belong to it any more.
 */
export class OpenRow {
  /** What of the row came in earlier pieces of the text; empty when that was too long to be kept. */
  earlier = "";
  isTooLong = false;
  /** How many brackets are open beyond depthMax; such a row is followed to its end, but not to another line. */
  #deeper = 0;
  isTooDeep = false;
  readonly #brackets: string[] = [];
  /** The last character that was no white space; `"` stands for a whole string. */
  #previous = ":";
  #inString = false;
  #isEscaped = false;
  /** The key of the outermost object that was read last. */
  #key = "";
  #inKey = false;

  constructor(readonly line: number) {}

  take(char: string): Verdict {
    if (this.#inString) return this.#takeOfString(char);
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

  #takeOfString(char: string): Verdict {
    if (char === "\n") return "broken"; // JSON has no line ends in strings, so a quote is missing
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

  #open(bracket: string): Verdict {
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

  #close(bracket: string): Verdict {
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
