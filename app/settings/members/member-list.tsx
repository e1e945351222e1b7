import { mayManageRole, type Role, roles } from "@/lib/access/permissions";
import type { Member } from "@/lib/members/list";
import { Button, buttonClass } from "../../components/button";
import { ShortRelativeTime } from "../../components/relative-time";
import { textLinkClass } from "../../components/text-link";
import { roleLabels } from "../roles";

interface MemberListProps {
  members: Member[];
  /** The viewer's own. */
  own: { userId: string; role: Role };
  organizationId: string;
  zone: string;
  nowMs: number;
}

export function MemberList({ members, own, organizationId, zone, nowMs }: MemberListProps) {
  return (
    <ul className="flex flex-col divide-y divide-line">
      {members.map((member) => (
        <li
          key={member.userId}
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0"
        >
          <div className="min-w-0 wrap-anywhere">
            <p className="font-medium">
              {member.name ?? member.email}
              {member.userId === own.userId && <span className="font-normal text-faint"> (you)</span>}
            </p>
            <p className="text-xs text-muted">
              {member.name && `${member.email} · `}joined{" "}
              <ShortRelativeTime at={member.joinedAt} zone={zone} nowMs={nowMs} />
            </p>
          </div>
          {mayManageRole(own.role, member.role) ? (
            <MemberActions member={member} own={own} organizationId={organizationId} />
          ) : (
            <p>{roleLabels[member.role]}</p>
          )}
        </li>
      ))}
    </ul>
  );
}

function MemberActions(props: { member: Member; own: MemberListProps["own"]; organizationId: string }) {
  const { member, own, organizationId } = props;
  const name = member.name ?? member.email;
  const hiddenFields = (
    <>
      <input type="hidden" name="organizationId" value={organizationId} />
      <input type="hidden" name="userId" value={member.userId} />
    </>
  );
  const isSelf = member.userId === own.userId;
  const roleForm = (
    <form action="/settings/members/change-role" method="post" className="flex gap-2">
      {hiddenFields}
      <select
        name="role"
        aria-label={`Role of ${name}`}
        defaultValue={member.role}
        className="h-9 rounded-md border border-edge bg-surface px-2 text-base sm:text-sm"
      >
        {roles
          .filter((role) => mayManageRole(own.role, role))
          .map((role) => (
            <option key={role} value={role}>
              {roleLabels[role]}
            </option>
          ))}
      </select>
      <Button type="submit" aria-label={`Change role of ${name}`}>
        Change
      </Button>
    </form>
  );
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
      {isSelf ? (
        <details>
          <summary className="flex h-9 items-center gap-3">
            {roleLabels[member.role]}
            <span className={textLinkClass}>Change your role…</span>
          </summary>
          <p className="max-w-56 py-1 text-xs text-muted">
            If you choose a role with fewer permissions, you won’t be able to change it back yourself.
          </p>
          {roleForm}
        </details>
      ) : (
        roleForm
      )}
      {!isSelf && (
        <form action="/settings/members/remove" method="post">
          {hiddenFields}
          <details>
            <summary aria-label={`Remove ${name}`} className={buttonClass()}>
              Remove
            </summary>
            <p className="max-w-56 py-1 text-xs text-muted">
              They’ll lose access immediately and be signed out everywhere. API keys they created keep
              working.
            </p>
            <Button type="submit" variant="danger" aria-label={`Remove member: ${name}`}>
              Remove member
            </Button>
          </details>
        </form>
      )}
    </div>
  );
}
