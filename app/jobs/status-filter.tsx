import { type JobsQuery, jobsAddress } from "@/lib/batch-jobs/address";
import type { HealthProblem } from "@/lib/batch-jobs/health";
import {
  activeStatuses,
  type BatchJobStatus,
  batchJobStatuses,
  finishedStatuses,
} from "@/lib/batch-jobs/status";
import { StatusIcon, statusLabel } from "../components/status-badge";
import { Tab, Tabs } from "../components/tabs";
import { LiveCount } from "./live-jobs";

export const healthLabels: Record<HealthProblem, string> = {
  overdue: "overdue",
  stalled: "stalled",
};

const isSame = (some: BatchJobStatus[], others: BatchJobStatus[]) =>
  some.length === others.length && some.every((one) => others.includes(one));

/** Links to the jobs of a status, with how many there are unless other filters limit the list. */
export function StatusFilter({ query, hasCounts }: { query: JobsQuery; hasCounts: boolean }) {
  const { status: shown, problem } = query;
  const sort = query.sort === "now" ? undefined : query.sort;
  const addressWith = (status: BatchJobStatus[]) =>
    jobsAddress({ ...query, status, sort, problem: undefined, page: 1 });
  const presets: [label: string, statuses: BatchJobStatus[], counted: BatchJobStatus[]][] = [
    ["All", [], [...batchJobStatuses]],
    ["Active", activeStatuses, activeStatuses],
    ["Finished", finishedStatuses, finishedStatuses],
  ];
  return (
    <Tabs label="Filter by status" isOneLine>
      {presets.map(([label, statuses, counted]) => (
        <Tab key={label} href={addressWith(statuses)} isCurrent={!problem && isSame(shown, statuses)}>
          {label} {hasCounts && <LiveCount statuses={counted} />}
        </Tab>
      ))}
      <li aria-hidden="true" className="mx-1.5 h-5 w-px bg-line max-sm:hidden" />
      {batchJobStatuses.map((status) => (
        <Tab key={status} href={addressWith([status])} isCurrent={shown.includes(status)}>
          <StatusIcon status={status} />
          {statusLabel(status)} {hasCounts && <LiveCount statuses={[status]} />}
        </Tab>
      ))}
    </Tabs>
  );
}
