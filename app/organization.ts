import type { Person } from "@/lib/person";
import { Refusal } from "@/lib/refusal";
import type { Role } from "@/lib/role";
import { Viewer } from "@/lib/viewer";

/** Where to begin when an address names no organization: the one used last, else the first. */
export function firstOrganization(person: Person): string | undefined {
  const ids = person.memberships.map(({ organizationId }) => organizationId);
  return ids.find((id) => id === person.lastOrganizationId) ?? ids[0];
}

/** The viewer for an organization of an address; undefined for one that is foreign or not there. */
export function findViewer(person: Person, organizationId: string): Viewer | undefined {
  try {
    return Viewer.fromPerson(person, organizationId);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** A person's role in an organization; undefined where they do not belong. */
export function roleIn(person: Person, organizationId: string): Role | undefined {
  return person.memberships.find((one) => one.organizationId === organizationId)?.role;
}
