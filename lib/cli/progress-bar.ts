import { Presets, SingleBar } from "cli-progress";
import { printable } from "../format/text";

export interface ProgressBar {
  at(done: number): void;
  /** Writes a line on standard error without tearing the bar; what a terminal would act on is escaped. */
  say(line: string): void;
  end(): void;
}

/**
 * A bar on standard error where that is a terminal; elsewhere just the lines that are said.
 * @param total undefined when it is not known beforehand.
 */
export function progressBar(unit: string, total: number | undefined): ProgressBar {
  if (!process.stderr.isTTY || total === undefined) {
    return { at: () => {}, say: (line) => console.error(printable(line)), end: () => {} };
  }
  const format = `{bar} {percentage} % | {value} of {total} ${unit} | {eta_formatted} left`;
  const bar = new SingleBar({ format, hideCursor: true, stream: process.stderr }, Presets.shades_classic);
  bar.start(total, 0);
  return {
    at: (done) => bar.update(done),
    say: (line) => {
      process.stderr.write(`\r\u001b[K${printable(line)}\n`);
      bar.render();
    },
    end: () => bar.stop(),
  };
}
