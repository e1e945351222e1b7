/** A backup that cannot be made or restored, and why: a sentence for whoever asked. */
export class BackupError extends Error {}

/** Longer than any line of a backup that is not a row. */
const lineLengthMax = 65_536;
const newline = 10;

/** Reads a backup as a stream: its lines, and between them the rows of a COPY. */
export class BackupReader {
  /** Of the line that was read last. */
  lineNumber = 0;
  #pending = Buffer.alloc(0);
  readonly #source: AsyncIterator<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /**
   * The next line, without its end.
   * @throws BackupError when there is no other whole one.
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

  /** @throws BackupError when the next line is another one. */
  async expect(line: string): Promise<void> {
    const found = await this.line();
    if (found !== line) {
      throw new BackupError(`Line ${this.lineNumber} of the backup should be "${line}" and is "${found}".`);
    }
  }

  /** @throws BackupError when anything follows. */
  async expectEnd(): Promise<void> {
    if (this.#pending.length > 0 || (await this.#readMore())) {
      throw new BackupError(`Something follows after the end of the backup, line ${this.lineNumber}.`);
    }
  }

  /** The rows up to the line `\.`, which no row looks like: COPY doubles every backslash of a value. */
  async *data(): AsyncGenerator<Buffer> {
    for (;;) {
      // What is pending begins with a line.
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

  /** Reads no more, so that standard input does not keep the process alive. */
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
    return new BackupError(`The backup is cut off after line ${this.lineNumber}.`);
  }
}
