import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import type { Role } from "@/lib/access/permissions";
import type { Person } from "@/lib/access/person";
import type { Viewer } from "@/lib/access/viewer";
import { draftCookie, readDraft } from "@/lib/http/form-draft";
import { setStatus } from "@/lib/server/current-response";
import NotFound from "../not-found";
import { findViewer, firstOrganization } from "../organization";
import type { PageProps } from "../page-props";
import { renderOrError } from "../render-or-error";
import { type ShownZone, shownZone, signedIn } from "../signed-in";

type Parameters = Awaited<PageProps["searchParams"]>;

/** What a settings page of an organization is drawn from. */
export interface SettingsContext {
  person: Person;
  viewer: Viewer;
  organizationId: string;
  organizationName: string;
  /** The person's, in the organization. */
  role: Role;
  zone: ShownZone;
  parameters: Parameters;
  /** What was typed into a form that was refused. */
  kept: Record<string, string>;
}

/** The fields that a form which was refused brought along, for the organization that the page is about. */
export async function readKept(organizationId: string | undefined): Promise<Record<string, string>> {
  return readDraft((await cookies()).get(draftCookie)?.value, organizationId);
}

/** Draws a settings page about an organization, for its people alone. Where the address names none, it is the last one. */
export function renderSettings(
  page: { title: string; path: string },
  searchParams: PageProps["searchParams"],
  draw: (seen: SettingsContext) => Promise<ReactNode>,
): Promise<ReactNode> {
  return renderOrError(page, async () => {
    const parameters = await searchParams;
    const asked = typeof parameters.organizationId === "string" ? parameters.organizationId : undefined;
    const path = asked === undefined ? page.path : `${page.path}?organizationId=${encodeURIComponent(asked)}`;
    const person = await signedIn(path, parameters.error);
    const organizationId = asked ?? (await firstOrganization(person));
    // The jobs page says what somebody who belongs to none can do.
    if (organizationId === undefined) redirect("/jobs");
    const viewer = await findViewer(person, organizationId);
    const own = await person.findMembership(organizationId);
    if (!viewer || !own) {
      setStatus(404);
      return <NotFound />;
    }
    const [zone, kept] = await Promise.all([shownZone(person), readKept(own.organizationId)]);
    const { organizationName, role } = own;
    return draw({
      person,
      viewer,
      organizationId: own.organizationId,
      organizationName,
      role,
      zone,
      parameters,
      kept,
    });
  });
}
