/** A backup cannot be restored. The message is a sentence for the user. */
export class BackupError extends Error {}

/** Longer than any line that is not a row. */
const lineLengthMax = 65_536;
const newline = 10;

/** Reads a backup as a stream of lines, and of the rows of a COPY between them. */
export class BackupReader {
  lineNumber = 0;
  #pending = Buffer.alloc(0);
  readonly #source: AsyncIterator<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /**
   * Reads a line, without its end.
   * @throws BackupError when there is no complete one.
   */
  async line(): Promise<string> {
    let end = this.#pending.indexOf(newline);
    while (end < 0) {
      if (this.#pending.length > lineLengthMax) throw new BackupError("This is not a backup of Batch Jobs.");
      if (!(await this.#readMore())) throw this.#cutOff();
      end = this.#pending.indexOf(newline);
    }
    this.lineNumber++;
    return this.#take(end + 1).toString("utf8", 0, end);
  }

  /** @throws BackupError when the next line is different. */
  async expect(line: string): Promise<void> {
    const found = await this.line();
    if (found !== line) {
      throw new BackupError(`Line ${this.lineNumber}: expected "${line}", got "${found}".`);
    }
  }

  /** @throws BackupError when there is more to read. */
  async expectEnd(): Promise<void> {
    if (this.#pending.length > 0 || (await this.#readMore())) {
      throw new BackupError(`Unexpected content after the end of the backup (line ${this.lineNumber}).`);
    }
  }

  /** The rows up to the line `\.`, which no row looks like: COPY doubles every backslash of a value. */
  async *data(): AsyncGenerator<Buffer> {
    for (;;) {
      // The pending text starts at the beginning of a line.
      const end =
        this.#pending.toString("latin1", 0, 3) === "\\.\n" ? 0 : this.#pending.indexOf("\n\\.\n") + 1;
      if (end > 0) yield this.#rows(end);
      if (this.#pending.toString("latin1", 0, 3) === "\\.\n") {
        this.lineNumber++;
        this.#take(3);
        return;
      }
      const whole = this.#pending.lastIndexOf(newline) + 1;
      if (whole > 0) yield this.#rows(whole);
      if (!(await this.#readMore())) throw this.#cutOff();
    }
  }

  /** Stops reading, so that standard input does not keep the process alive. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  #rows(length: number): Buffer {
    const rows = this.#take(length);
    for (let at = rows.indexOf(newline); at >= 0; at = rows.indexOf(newline, at + 1)) this.lineNumber++;
    return rows;
  }

  #take(length: number): Buffer {
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    return taken;
  }

  async #readMore(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done) return false;
    this.#pending = Buffer.concat([this.#pending, value]);
    return true;
  }

  #cutOff(): BackupError {
    return new BackupError(`The backup is incomplete: it ends after line ${this.lineNumber}.`);
  }
}
