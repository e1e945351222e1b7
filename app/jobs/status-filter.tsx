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
import { LiveCount } from "./live-count";

export const healthLabels: Record<HealthProblem, string> = {
  overdue: "overdue",
  stalled: "stalled",
};

const isSame = (some: BatchJobStatus[], others: BatchJobStatus[]) =>
  some.length === others.length && some.every((one) => others.includes(one));

/**
 * The statuses as tabs with their counts. A word shows only its own jobs; the sign beside it adds them to those
 * that are shown, or takes them away.
 */
export function StatusFilter({ query }: { query: JobsQuery }) {
  const { status: shown, trouble } = query;
  const addressWith = (status: BatchJobStatus[]) =>
    jobsAddress({ ...query, status, trouble: undefined, page: 1 });
  const presets: [word: string, statuses: BatchJobStatus[], counted: BatchJobStatus[]][] = [
    ["All", [], [...batchJobStatuses]],
    ["Active", activeStatuses, activeStatuses],
    ["Finished", finishedStatuses, finishedStatuses],
  ];
  return (
    <Tabs label="Filter by status">
      {trouble && (
        <Tab
          href={jobsAddress(query)}
          isOn
          extra={
            <TabExtra href={addressWith(shown)} label={`Remove filter: ${healthLabels[trouble]}`}>
              <CrossIcon />
            </TabExtra>
          }
        >
          Only {healthLabels[trouble]}
        </Tab>
      )}
      {presets.map(([word, statuses, counted]) => (
        <Tab key={word} href={addressWith(statuses)} isOn={!trouble && isSame(shown, statuses)}>
          {word} <LiveCount statuses={counted} />
        </Tab>
      ))}
      <li aria-hidden="true" className="mx-1.5 h-5 w-px bg-line" />
      {batchJobStatuses.map((status) => {
        const isOn = shown.includes(status);
        const others = shown.filter((one) => one !== status);
        const word = statusLabel(status);
        return (
          <Tab
            key={status}
            href={addressWith([status])}
            isOn={isOn}
            extra={
              // Always there, so that no tab moves away from under the mouse.
              isOn ? (
                <TabExtra href={addressWith(others)} label={`Remove ${word.toLowerCase()} from filter`}>
                  <CrossIcon />
                </TabExtra>
              ) : (
                <TabExtra
                  href={addressWith([...shown, status])}
                  label={`Add ${word.toLowerCase()} to filter`}
                >
                  <PlusIcon />
                </TabExtra>
              )
            }
          >
            <StatusIcon status={status} />
            {word} <LiveCount statuses={[status]} />
          </Tab>
        );
      })}
    </Tabs>
  );
}
