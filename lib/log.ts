/**
 * One line of JSON on standard error. Give it identifiers, never a key, a password or a cookie.
 */
export function logError(message: string, error: unknown, context: Record<string, string> = {}): void {
  const { name, message: reason, code, stack } = error as Error & { code?: string };
  const line = {
    time: new Date().toISOString(),
    level: "error",
    message,
    ...context,
    name,
    code,
    reason,
    stack,
  };
  console.error(JSON.stringify(line));
}
