/** More new jobs than this are not counted while a page is open. */
export const newJobsMax = 100;

/** Nor more jobs of one status: counting again and again must not cost more than it tells. */
export const countedMax = 2_000;

/** More jobs in trouble than this are "1,000+". */
export const attentionMax = 1_000;
