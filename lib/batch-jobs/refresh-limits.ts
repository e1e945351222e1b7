/** More new jobs than this are not counted while a page is open. */
export const newJobsMax = 100;

/** More jobs in trouble than this are "1,000+". */
export const attentionMax = 1_000;
