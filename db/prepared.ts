/**
 * Begins the text of a statement that shall be prepared. That is for a few dozen statements that are run again and
 * again: each stays in the memory of each connection, some of them with half a megabyte.
 */
export const preparedMark = "/* prepared */ ";

const names = new Map<string, string>();

/** The name under which a statement is prepared: one for each text. */
export function preparedName(text: string): string {
  const name = names.get(text) ?? `s${names.size + 1}`;
  names.set(text, name);
  return name;
}
