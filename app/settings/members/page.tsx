import { cookies } from "next/headers";
import { formatNumber, quantity } from "@/lib/format/quantity";
import { listInvitations } from "@/lib/invitations/list";
import { canSendMail } from "@/lib/mail";
import { listMembers } from "@/lib/members/list";
import { flashSecretCookie, takeFlashSecret } from "@/lib/server/flash-secret";
import { Button } from "../../components/button";
import { FlashSecret } from "../../components/flash-secret";
import { errorProps, FormResult } from "../../components/form-result";
import { Pager } from "../../components/pager";
import { SearchForm } from "../../components/search-form";
import { Section } from "../../components/section";
import { listPageSize, readListAddress } from "../../list-address";
import type { PageProps } from "../../page-props";
import { renderSettings, type SettingsContext } from "../render-settings";
import { SettingsLayout } from "../settings-layout";
import { Invitations } from "./invitations";
import { InviteForm } from "./invite-form";
import { MemberList } from "./member-list";
import { done, errors } from "./messages";

export default function MembersPage({ searchParams }: PageProps) {
  return renderSettings({ title: "Members", path: "/settings/members" }, searchParams, render);
}

async function render(context: SettingsContext) {
  const { person, viewer, organizationId, organizationName, role, zone, parameters, draft } = context;
  const canManage = viewer.may("manageMembers");
  const { search, page } = readListAddress(parameters);
  const [{ rows: members, total }, invited] = await Promise.all([
    listMembers(viewer, { search, page, pageSize: listPageSize }),
    canManage ? listInvitations(viewer, { search, limit: listPageSize }) : { rows: [], total: 0 },
  ]);
  const addressOf = (change: { page?: number }) =>
    `/settings/members?${new URLSearchParams({ organizationId, search, page: String(change.page ?? page) })}`;
  const sealedSecret = (await cookies()).get(flashSecretCookie)?.value;
  const isShown = await takeFlashSecret(sealedSecret, person, "/settings/members", organizationId);
  const times = { zone: zone.name, nowMs: Date.now() };
  return (
    <SettingsLayout person={person} zone={zone} organizationId={organizationId} page="members">
      <FormResult parameters={parameters} errors={errors} done={done} />
      {isShown && (
        <Section title="Share this link">
          <p className="text-muted">
            Whoever you invited can join {organizationName} with this link. It works once, within seven days.
            You won’t be able to see it again.
          </p>
          <FlashSecret id="invitation-link" label="the link" />
        </Section>
      )}
      {(search !== "" || Math.max(total, invited.total) > listPageSize) && (
        <SearchForm
          action="/settings/members"
          label="Search by name or email"
          search={search}
          hidden={{ organizationId }}
        />
      )}
      <Section title={search === "" ? quantity(total, "member") : `${quantity(total, "member")} found`}>
        {total > 0 ? (
          <MemberList
            members={members}
            own={{ userId: person.id, role }}
            organizationId={organizationId}
            {...times}
          />
        ) : (
          <p>No members match “{search}”.</p>
        )}
        {total > listPageSize && (
          <Pager total={total} page={page} pageSize={listPageSize} addressOf={addressOf} />
        )}
      </Section>
      {invited.total > 0 && (
        <Section title="Pending invitations">
          <Invitations invitations={invited.rows} role={role} organizationId={organizationId} {...times} />
          {invited.total > invited.rows.length && (
            <p className="text-muted">
              {formatNumber(invited.total - invited.rows.length)} more not shown. Search by email to find
              them.
            </p>
          )}
        </Section>
      )}
      {canManage && (
        <Section title="Invite member">
          <InviteForm
            organizationId={organizationId}
            role={role}
            draft={draft}
            canSendMail={canSendMail()}
            propsOf={errorProps(parameters, errors, { already_member: "email", already_invited: "email" })}
          />
        </Section>
      )}
      <Section title="Leave organization">
        <p className="text-muted">
          You’ll lose access to {organizationName}. To come back, you’ll need a new invitation. API keys you
          created keep working.
        </p>
        <form action="/settings/members/leave" method="post">
          <input type="hidden" name="organizationId" value={organizationId} />
          <details>
            <summary className="w-fit max-w-full py-1">Leave {organizationName}…</summary>
            <Button type="submit" variant="danger" className="mt-2">
              Leave organization
            </Button>
          </details>
        </form>
      </Section>
    </SettingsLayout>
  );
}
