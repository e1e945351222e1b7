/** What our statements and the parsing of results rely on. Servers, databases and roles can have other defaults. */
const required = {
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  bytea_output: "hex",
  extra_float_digits: "1",
  standard_conforming_strings: "on",
  // fold_batch_job_counts requires it.
  default_transaction_isolation: "read committed",
};

/** In ms: statements on a database that hangs fail instead of waiting forever. */
const timeouts = {
  lock_timeout: "2000",
  statement_timeout: "3000",
  idle_in_transaction_session_timeout: "5000",
};

const noTimeouts: typeof timeouts = {
  lock_timeout: "0",
  statement_timeout: "0",
  idle_in_transaction_session_timeout: "0",
};

/**
 * The PostgreSQL settings of our sessions, by name.
 *
 * @param hasTimeouts whether statements time out.
 * @param options from the address (`-c jit=on`); they override the settings that the program does not rely on.
 */
export function sessionSettings(hasTimeouts: boolean, options = ""): Record<string, string> {
  const optional = {
    // Compiling a statement takes longer than running any of ours.
    jit: "off",
    ...(hasTimeouts ? timeouts : noTimeouts),
  };
  const given = new Set(
    [...options.matchAll(/(?:-c\s*|--)([\w-]+)=/g)].map(([, name = ""]) => name.replaceAll("-", "_")),
  );
  const notGiven = Object.entries(optional).filter(([name]) => !given.has(name));
  return { ...Object.fromEntries(notGiven), ...required };
}
