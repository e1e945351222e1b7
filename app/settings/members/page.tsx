import { cookies } from "next/headers";
import { listInvitations } from "@/lib/invitations/list";
import { canSendMail } from "@/lib/mail";
import { listMembers } from "@/lib/members/list";
import { inFigures, quantity } from "@/lib/quantity";
import { shownOnceCookie, showOnce } from "@/lib/server/show-once";
import { listPageSize, readListAddress } from "../../list-address";
import type { PageProps } from "../../page-props";
import { Button } from "../../parts/button";
import { Done } from "../../parts/done";
import { messageOf } from "../../parts/form-message";
import { Notice } from "../../parts/notice";
import { Pager } from "../../parts/pager";
import { SearchForm } from "../../parts/search-form";
import { Section } from "../../parts/section";
import { ShownOnce } from "../../parts/shown-once";
import { drawSettings, type Seen } from "../draw-settings";
import { SettingsFrame } from "../settings-frame";
import { Invitations } from "./invitations";
import { InviteForm } from "./invite-form";
import { MemberList } from "./member-list";
import { done, messages } from "./messages";

/** Who belongs to the organization, and who is invited. */
export default function MembersPage({ searchParams }: PageProps) {
  return drawSettings({ title: "Members", path: "/settings/members" }, searchParams, draw);
}

async function draw(seen: Seen) {
  const { person, viewer, organizationId, organizationName, role, zone, parameters, kept } = seen;
  const canManage = viewer.may("manageMembers");
  const { search, page } = readListAddress(parameters);
  const [{ members, total }, invited] = await Promise.all([
    listMembers(viewer, { search, page, pageSize: listPageSize }),
    canManage ? listInvitations(viewer, { search, limit: listPageSize }) : { invitations: [], total: 0 },
  ]);
  const addressOf = (change: { page?: number }) =>
    `/settings/members?${new URLSearchParams({ organizationId, search, page: String(change.page ?? page) })}`;
  const sealed = (await cookies()).get(shownOnceCookie)?.value;
  const isShown = await showOnce(sealed, person, "/settings/members", organizationId);
  const message = messageOf(parameters, messages);
  const times = { zone: zone.name, nowMs: Date.now() };
  return (
    <SettingsFrame person={person} zone={zone} organizationId={organizationId} page="members">
      {message ? <Notice look="danger">{message}</Notice> : <Done word={parameters.done} sentences={done} />}
      {isShown && (
        <Section title="Hand over this link">
          <p className="text-muted">
            With it, whom you have invited joins {organizationName}. It works once, for seven days, and is not
            shown again: if it gets lost, make a new one.
          </p>
          <ShownOnce id="invitation-link" label="the link" />
        </Section>
      )}
      {(search !== "" || Math.max(total, invited.total) > listPageSize) && (
        <SearchForm
          action="/settings/members"
          label="Name or email address"
          search={search}
          hidden={{ organizationId }}
        />
      )}
      <Section title={search === "" ? quantity(total, "member") : `${quantity(total, "member")} found`}>
        <MemberList
          members={members}
          own={{ userId: person.id, role }}
          organizationId={organizationId}
          {...times}
        />
        {total === 0 && <p>Nobody matches “{search}”.</p>}
        {total > listPageSize && (
          <Pager total={total} page={page} pageSize={listPageSize} addressOf={addressOf} />
        )}
      </Section>
      {invited.total > 0 && (
        <Section title="Invited">
          <Invitations
            invitations={invited.invitations}
            role={role}
            organizationId={organizationId}
            {...times}
          />
          {invited.total > invited.invitations.length && (
            <p className="text-muted">
              {inFigures(invited.total - invited.invitations.length)} more are not shown. Search for an
              address above.
            </p>
          )}
        </Section>
      )}
      {canManage && (
        <Section title="Invite somebody">
          <InviteForm organizationId={organizationId} role={role} kept={kept} isMailing={canSendMail()} />
        </Section>
      )}
      <Section title="Leave">
        <p className="text-muted">
          You will see nothing of {organizationName} any more. To come back, you must be invited again. Keys
          that you made stay.
        </p>
        <form action="/settings/members/leave" method="post">
          <input type="hidden" name="organizationId" value={organizationId} />
          <details>
            <summary className="w-fit max-w-full py-1">Leave {organizationName} …</summary>
            <Button type="submit" look="danger" className="mt-2">
              Leave now
            </Button>
          </details>
        </form>
      </Section>
    </SettingsFrame>
  );
}
