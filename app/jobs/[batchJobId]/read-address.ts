import { jobsAddress, queryOf, readQuery } from "@/lib/batch-jobs/address";
import { contactsMax } from "@/lib/contacts/schema";
import { contactStatuses, isContactStatus } from "@/lib/contacts/status";
import { readListAddress } from "../../list-address";
import type { PageProps } from "../../page-props";
import { type JobAddress, jobActions } from "../job-address";

export type JobQuery = Omit<JobAddress, "organizationId" | "done"> & { q: string; page: number };

/** Reads the address of a job's page. Invalid values are ignored; an unknown status is named in a notice. */
export function readJobAddress(
  id: string,
  parameters: Awaited<PageProps["searchParams"]>,
): { query: JobQuery; notices: string[] } {
  const { status, q, contact, action, back } = parameters;
  const { search, page } = readListAddress({ ...parameters, search: q });
  const isStatus = typeof status === "string" && isContactStatus(status);
  const position = typeof contact === "string" && /^\d{1,5}$/.test(contact) ? Number(contact) : 0;
  return {
    query: {
      id,
      // What is valid of it.
      back: typeof back === "string" ? queryOf(readQuery(back)) : undefined,
      status: isStatus ? status : undefined,
      q: search,
      page,
      contact: position >= 1 && position <= contactsMax ? position : undefined,
      action: jobActions.find((one) => one === action),
    },
    notices:
      status === undefined || isStatus
        ? []
        : [
            `The status is not valid. Choose from ${contactStatuses.join(", ")}. Contacts of any status are shown.`,
          ],
  };
}

/** The address of the list that one came from. */
export function listAddress(organizationId: string, back = ""): string {
  return jobsAddress({ ...readQuery(back), organizationId });
}
