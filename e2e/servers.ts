/** The first of three ports that are unlikely to be taken; another one lets two checkouts be tested at once. */
const port = Number(process.env.TEST_PORT ?? 25_730);

/** The servers that the configuration starts. */
export const addresses = {
  main: `http://localhost:${port}`,
  /**
   * Five requests per minute and key, a trusted reverse proxy that compresses, and a PostgreSQL without index scans, so that nothing depends
   * on query plans.
   */
  odd: `http://localhost:${port + 1}`,
  /** As main, but Next answers the API, too. It takes main's address for its own, so that its answers are the same. */
  throughNext: `http://localhost:${port + 2}`,
};

export const secret = "a-secret-for-tests-only-0123456789-abcdef";

/** Set by a script of the pages, and read by the server. */
export const timeZoneCookie = "batch-jobs.time-zone";
