/** The servers that the configuration starts, on ports that are unlikely to be taken. */
export const addresses = {
  main: "http://localhost:25730",
  /**
   * Five requests a minute and key, a reverse proxy in front, and a PostgreSQL that may use no index: nothing
   * may hang on its plans.
   */
  odd: "http://localhost:25731",
};

export const secret = "a-secret-for-tests-only-0123456789-abcdef";

/** Set by a script of the pages, and read by the server. */
export const timeZoneCookie = "batch-jobs.time-zone";
