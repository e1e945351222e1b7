/**
 * What the program's statements and its reading of answers rely on. A server, a database and a role can have
 * defaults of their own for each, so all are set.
 */
const required = {
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  bytea_output: "hex",
  extra_float_digits: "1",
  standard_conforming_strings: "on",
  // Counts of jobs are folded in this one only: see db/migrations.
  default_transaction_isolation: "read committed",
};

/** So a database that hangs gives an error, and never a request that waits for ever. In ms. */
const limits = {
  lock_timeout: "2000",
  statement_timeout: "3000",
  idle_in_transaction_session_timeout: "5000",
};

const withoutLimits: typeof limits = {
  lock_timeout: "0",
  statement_timeout: "0",
  idle_in_transaction_session_timeout: "0",
};

/**
 * The settings of PostgreSQL that each of our sessions has, by name.
 *
 * @param isPatient whether statements may take as long as they take.
 * @param options of the address (`-c jit=on`): what they set is left alone, unless the program relies on it.
 */
export function sessionSettings(isPatient: boolean, options = ""): Record<string, string> {
  const optional = {
    // Compiling a statement takes PostgreSQL a hundred milliseconds and more; ours take a few.
    jit: "off",
    ...(isPatient ? withoutLimits : limits),
  };
  const given = new Set(
    [...options.matchAll(/(?:-c\s*|--)([\w-]+)=/g)].map(([, name = ""]) => name.replaceAll("-", "_")),
  );
  const left = Object.entries(optional).filter(([name]) => !given.has(name));
  return { ...Object.fromEntries(left), ...required };
}
