const pendingBytesMax = 1_000_000;

/**
 * Discards output after its reader has closed the pipe (`npm start 2>&1 | head -6`), where Node would end the process or
 * try to report the failure there.
 */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

/** Discards what is written to standard error while its reader is stuck; it would pile up in memory. */
export function limitPendingLog(): void {
  const { stderr } = process;
  const write = stderr.write.bind(stderr) as (...args: unknown[]) => boolean;
  stderr.write = (...args: unknown[]) => stderr.writableLength < pendingBytesMax && write(...args);
}
