import { Presets, SingleBar } from "cli-progress";
import { printable } from "../format/text";

export interface ProgressBar {
  at(done: number): void;
  /** Prints a line above the bar, with control characters escaped. */
  say(line: string): void;
  end(): void;
}

/**
 * Shows a progress bar if standard error is a terminal; otherwise only prints lines.
 * @param total undefined when it is not known.
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
