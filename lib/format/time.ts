/** UTC in whole seconds, `2025-02-28T14:00:05Z`: how the contract, the command line and made-up jobs write times. */
export function inUtcSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
