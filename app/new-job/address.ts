/** The page with the form that creates a job. */
export function newJobAddress(organizationId: string | undefined): string {
  return organizationId === undefined ? "/new-job" : `/new-job?${new URLSearchParams({ organizationId })}`;
}
