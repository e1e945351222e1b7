import { jobsAddress } from "@/lib/batch-jobs/address";
import type { StatusCounts } from "@/lib/batch-jobs/overview";
import type { ListBatchJobsQuery } from "@/lib/batch-jobs/schema";
import {
  activeStatuses,
  type BatchJobStatus,
  batchJobStatuses,
  finishedStatuses,
} from "@/lib/batch-jobs/status";
import { CrossIcon, PlusIcon } from "../parts/icons";
import { StatusIcon, statusWord } from "../parts/status-badge";
import { Tab, TabExtra, Tabs } from "../parts/tabs";
import { LiveCount } from "./live-count";

const isSame = (some: BatchJobStatus[], others: BatchJobStatus[]) =>
  some.length === others.length && some.every((one) => others.includes(one));

/**
 * The statuses as tabs with their counts. A word shows only its own jobs; once there is a filter, the sign
 * beside each other word adds it, or takes it away.
 */
export function StatusFilter({ query, counts }: { query: ListBatchJobsQuery; counts: StatusCounts }) {
  const { status: shown } = query;
  const addressWith = (status: BatchJobStatus[]) => jobsAddress({ ...query, status, page: 1 });
  const count = (statuses: BatchJobStatus[]) => (
    <LiveCount statuses={statuses} fallback={statuses.map((status) => counts[status])} />
  );
  const presets: [word: string, statuses: BatchJobStatus[], counted: BatchJobStatus[]][] = [
    ["All", [], [...batchJobStatuses]],
    ["Active", activeStatuses, activeStatuses],
    ["Finished", finishedStatuses, finishedStatuses],
  ];
  return (
    <Tabs label="Filter by status">
      {presets.map(([word, statuses, counted]) => (
        <Tab key={word} href={addressWith(statuses)} isOn={isSame(shown, statuses)}>
          {word} {count(counted)}
        </Tab>
      ))}
      <li aria-hidden="true" className="mx-1.5 h-5 w-px bg-line" />
      {batchJobStatuses.map((status) => {
        const isOn = shown.includes(status);
        const others = shown.filter((one) => one !== status);
        const word = statusWord(status);
        return (
          <Tab
            key={status}
            href={addressWith([status])}
            isOn={isOn}
            extra={
              isOn ? (
                <TabExtra href={addressWith(others)} label={`Without ${word.toLowerCase()}`}>
                  <CrossIcon />
                </TabExtra>
              ) : (
                shown.length > 0 && (
                  <TabExtra href={addressWith([...shown, status])} label={`Also ${word.toLowerCase()}`}>
                    <PlusIcon />
                  </TabExtra>
                )
              )
            }
          >
            <StatusIcon status={status} />
            {word} {count([status])}
          </Tab>
        );
      })}
    </Tabs>
  );
}
