import type { Person } from "@/lib/access/person";
import { Viewer } from "@/lib/access/viewer";
import { HttpError } from "@/lib/http/http-error";

/** Where to begin when an address names no organization: the one used last, else any. */
export async function firstOrganization(person: Person): Promise<string | undefined> {
  const { lastOrganizationId, someMemberships } = person;
  const last = lastOrganizationId === null ? undefined : await person.findMembership(lastOrganizationId);
  return (last ?? someMemberships[0])?.organizationId;
}

/** The viewer for an organization of an address; undefined for one that is foreign or not there. */
export async function findViewer(person: Person, organizationId: string): Promise<Viewer | undefined> {
  try {
    return await Viewer.fromPerson(person, organizationId);
  } catch (error) {
    if (error instanceof HttpError) return undefined;
    throw error;
  }
}
