import pg from "pg";

/** Begins the text of a statement that shall be prepared. */
export const preparedMark = "/* prepared */ ";

const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? `s${names.size + 1}`;
  names.set(text, name);
  return name;
}

/**
 * A connection that prepares each statement that is marked so once, and then names it: PostgreSQL need not parse it
 * again, nor plan it where one plan is as good as another. That is for a few dozen statements that are run again and
 * again: each stays in the memory of each connection, some of them with half a megabyte.
 */
export class PreparingClient extends pg.Client {
  override query(...given: unknown[]) {
    const [text, values, ...rest] = given;
    const isMarked = typeof text === "string" && text.startsWith(preparedMark);
    return Reflect.apply(
      super.query,
      this,
      isMarked ? [{ name: nameOf(text), text, values }, ...rest] : given,
    );
  }
}
