/**
 * The prefix of a statement that is to be prepared. For a few dozen frequent statements only: each occupies up to half
 * a megabyte in every connection.
 */
export const preparedMark = "/* prepared */ ";

const names = new Map<string, string>();

/** The prepared statement's name, one for each text. */
export function preparedName(text: string): string {
  const name = names.get(text) ?? `s${names.size + 1}`;
  names.set(text, name);
  return name;
}
