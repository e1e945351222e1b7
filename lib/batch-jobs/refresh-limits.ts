/** More new jobs than this are not counted while a page is open. */
export const newJobsMax = 100;

/** More jobs in trouble than this are "1,000+". */
export const healthProblemsMax = 1_000;

/** So many running jobs are looked at, the oldest ones: no index tells which of them do not change. */
export const runningSeenMax = 5_000;
