import pg from "pg";

/** So many texts are prepared; any further ones are sent as they are. On each connection, each costs some memory. */
const preparedMax = 200;

const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size === preparedMax) return known;
  const name = `s${names.size + 1}`;
  names.set(text, name);
  return name;
}

/**
 * A connection that prepares each statement with parameters once and then names it: PostgreSQL need not parse it
 * again, nor plan it where one plan is as good as another.
 */
export class PreparingClient extends pg.Client {
  override query(...given: unknown[]) {
    const [text, values] = given;
    const name = typeof text === "string" && Array.isArray(values) && values.length > 0 && nameOf(text);
    return Reflect.apply(super.query, this, name ? [{ name, text, values }, ...given.slice(2)] : given);
  }
}
