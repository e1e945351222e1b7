/** Of standard error, while nobody reads it. */
const pendingBytesMax = 1_000_000;

/**
 * Lets this process go on when whoever reads its output goes away (`npm start 2>&1 | head -6`): what is written
 * then is lost, where Node would end the process, or report the failure by writing again.
 */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

/** Drops what is written to standard error while its reader stands still: it would be kept in memory without end. */
export function boundPendingLog(): void {
  const { stderr } = process;
  const write = stderr.write.bind(stderr) as (...args: unknown[]) => boolean;
  stderr.write = (...args: unknown[]) => stderr.writableLength < pendingBytesMax && write(...args);
}
