import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import type { Role } from "@/lib/access/permissions";
import type { Person } from "@/lib/access/person";
import type { Viewer } from "@/lib/access/viewer";
import { setStatus } from "@/lib/server/current-response";
import NotFound from "../not-found";
import type { PageProps } from "../page-props";
import { renderOrError } from "../render-or-error";
import {
  findViewer,
  firstOrganization,
  readFullDraft,
  type ShownZone,
  shownZone,
  signedIn,
} from "../signed-in";

type Parameters = Awaited<PageProps["searchParams"]>;

export interface SettingsContext {
  person: Person;
  viewer: Viewer;
  organizationId: string;
  organizationName: string;
  /** The person's role in the organization. */
  role: Role;
  zone: ShownZone;
  parameters: Parameters;
  /** The input of a form that was refused, to fill it in again. */
  draft: Record<string, string>;
  /** What is wrong with it, by the names of the fields. */
  problems: Record<string, string>;
}

/** Renders a settings page for members of the organization that the address names, or else of the last one used. */
export function renderSettings(
  page: { title: string; path: string },
  searchParams: PageProps["searchParams"],
  render: (context: SettingsContext) => Promise<ReactNode>,
): Promise<ReactNode> {
  return renderOrError(page, async () => {
    const parameters = await searchParams;
    const given = typeof parameters.organizationId === "string" ? parameters.organizationId : undefined;
    const path = given === undefined ? page.path : `${page.path}?organizationId=${encodeURIComponent(given)}`;
    const person = await signedIn(path, parameters.error);
    const organizationId = given ?? (await firstOrganization(person));
    // The jobs page explains what someone without an organization can do.
    if (organizationId === undefined) redirect("/jobs");
    const viewer = await findViewer(person, organizationId);
    const own = await person.findMembership(organizationId);
    if (!viewer || !own) {
      setStatus(404);
      return <NotFound />;
    }
    const [zone, { fields: draft, problems }] = await Promise.all([
      shownZone(person),
      readFullDraft(own.organizationId),
    ]);
    const { organizationName, role } = own;
    return render({
      person,
      viewer,
      organizationId: own.organizationId,
      organizationName,
      role,
      zone,
      parameters,
      draft,
      problems,
    });
  });
}
