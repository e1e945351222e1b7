import { type JobsQuery, jobsAddress } from "@/lib/batch-jobs/address";
import type { HealthProblem } from "@/lib/batch-jobs/health";
import {
  activeStatuses,
  type BatchJobStatus,
  batchJobStatuses,
  finishedStatuses,
} from "@/lib/batch-jobs/status";
import { CrossIcon, PlusIcon } from "../components/icons";
import { StatusIcon, statusLabel } from "../components/status-badge";
import { Tab, TabExtra, Tabs } from "../components/tabs";
import { LiveCount } from "./live-jobs";

export const healthLabels: Record<HealthProblem, string> = {
  overdue: "overdue",
  stalled: "stalled",
};

const isSame = (some: BatchJobStatus[], others: BatchJobStatus[]) =>
  some.length === others.length && some.every((one) => others.includes(one));

/** A tab per status, whose link shows only its jobs; the link beside it adds them to the filter or removes them. */
export function StatusFilter({ query }: { query: JobsQuery }) {
  const { status: shown, problem } = query;
  const addressWith = (status: BatchJobStatus[]) =>
    jobsAddress({ ...query, status, problem: undefined, page: 1 });
  const presets: [label: string, statuses: BatchJobStatus[], counted: BatchJobStatus[]][] = [
    ["All", [], [...batchJobStatuses]],
    ["Active", activeStatuses, activeStatuses],
    ["Finished", finishedStatuses, finishedStatuses],
  ];
  return (
    <Tabs label="Filter by status">
      {problem && (
        <Tab
          href={jobsAddress(query)}
          isCurrent
          extra={
            <TabExtra href={addressWith(shown)} label={`Remove filter: ${healthLabels[problem]}`}>
              <CrossIcon />
            </TabExtra>
          }
        >
          Only {healthLabels[problem]}
        </Tab>
      )}
      {presets.map(([label, statuses, counted]) => (
        <Tab key={label} href={addressWith(statuses)} isCurrent={!problem && isSame(shown, statuses)}>
          {label} <LiveCount statuses={counted} />
        </Tab>
      ))}
      <li aria-hidden="true" className="mx-1.5 h-5 w-px bg-line max-sm:hidden" />
      {batchJobStatuses.map((status) => {
        const isCurrent = shown.includes(status);
        const others = shown.filter((one) => one !== status);
        const label = statusLabel(status);
        return (
          <Tab
            key={status}
            href={addressWith([status])}
            isCurrent={isCurrent}
            extra={
              // Always there, so that no tab moves.
              isCurrent ? (
                <TabExtra href={addressWith(others)} label={`Remove ${label.toLowerCase()} from filter`}>
                  <CrossIcon />
                </TabExtra>
              ) : (
                <TabExtra
                  href={addressWith([...shown, status])}
                  label={`Add ${label.toLowerCase()} to filter`}
                >
                  <PlusIcon />
                </TabExtra>
              )
            }
          >
            <StatusIcon status={status} />
            {label} <LiveCount statuses={[status]} />
          </Tab>
        );
      })}
    </Tabs>
  );
}
