import type { ContactStatus } from "@/lib/contacts/status";

/** What the page of a job shows. */
export interface JobAddress {
  organizationId: string;
  id: string;
  /** The filters and page of the list that one came from, as in its address. */
  back?: string;
  /** Contacts with this status only. */
  status?: ContactStatus;
  /** Contacts with this in their name or number. */
  q?: string;
  /** Of the contacts. */
  page?: number;
  /** The position of the contact whose calls are shown. */
  contact?: number;
  /** The form that is open. */
  action?: JobAction;
  /** For FormResult. */
  done?: string;
}

export const jobActions = ["start", "cancel", "reschedule"] as const;
export type JobAction = (typeof jobActions)[number];

/** The address of a job's page; what is as by default is left out. */
export function jobAddress({ organizationId, id, ...given }: JobAddress): string {
  const { back, status, q, page = 1, contact, action, done } = given;
  const query = new URLSearchParams({ organizationId });
  const more = { status, q, page: page > 1 ? page : undefined, contact, action, done, back };
  for (const [name, value] of Object.entries(more)) if (value) query.set(name, String(value));
  return `/jobs/${encodeURIComponent(id)}?${query}`;
}

/** Where a person downloads the contacts that the filters of a job's page choose. @param bom as of fileAddress. */
export function contactsFileAddress(
  { organizationId, id, status, q }: Pick<JobAddress, "organizationId" | "id" | "status" | "q">,
  { bom = false } = {},
): string {
  const query = new URLSearchParams({ organizationId, id });
  if (status) query.set("status", status);
  if (q) query.set("q", q);
  if (bom) query.set("bom", "1");
  return `/contacts.csv?${query}`;
}

/** Set for a moment by a job's page that has itself rendered again. */
export const refreshCookie = "batch-jobs.refresh";
