import { cookies } from "next/headers";
import type { Person } from "@/lib/access/person";
import { readSkippedRows, type SkippedRows, skippedRowsCookie } from "@/lib/batch-jobs/skipped-rows";
import { formatNumber, quantity } from "@/lib/format/quantity";
import { Notice } from "../../components/notice";

/** For the person who has just created the job from a file. */
export async function findSkippedRows(
  person: Person,
  organizationId: string,
): Promise<SkippedRows | undefined> {
  return readSkippedRows((await cookies()).get(skippedRowsCookie)?.value, person, organizationId);
}

/** Which rows of the job's file are no contacts, and why. */
export function SkippedRowsNotice({ rows, total }: SkippedRows) {
  const more = total - rows.length;
  return (
    <Notice>
      <p>Skipped {quantity(total, "row")} of the file:</p>
      <ul>
        {rows.map(({ row, reason }) => (
          <li key={row}>
            Row {row}: {reason}
          </li>
        ))}
        {more > 0 && <li>and {formatNumber(more)} more</li>}
      </ul>
    </Notice>
  );
}
