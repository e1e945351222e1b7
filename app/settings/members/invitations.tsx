import { mayManageRole, type Role } from "@/lib/access/permissions";
import type { InvitationSummary } from "@/lib/invitations/list";
import { Button } from "../../components/button";
import { ShortRelativeTime } from "../../components/relative-time";
import { roleLabels } from "../roles";

interface InvitationsProps {
  invitations: InvitationSummary[];
  /** The viewer's own. */
  role: Role;
  organizationId: string;
  zone: string;
  nowMs: number;
}

/** A link cannot be shown again, only replaced. */
export function Invitations({ invitations, role, organizationId, zone, nowMs }: InvitationsProps) {
  return (
    <ul className="flex flex-col divide-y divide-line">
      {invitations.map(({ id, email, role: invitedRole, expiresAt, isExpired, inviter }) => (
        <li
          key={id}
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0"
        >
          <div className="min-w-0 wrap-anywhere">
            <p className="font-medium">{email}</p>
            <p className="text-xs text-muted">
              {roleLabels[invitedRole]}
              {inviter && ` · invited by ${inviter}`} ·{" "}
              <span className={isExpired ? "font-medium text-warn" : ""}>
                link {isExpired ? "expired" : "expires"}{" "}
                <ShortRelativeTime at={expiresAt} zone={zone} nowMs={nowMs} />
              </span>
            </p>
          </div>
          {mayManageRole(role, invitedRole) && (
            <div className="flex gap-2">
              {[
                { action: "renew-invitation", text: "New link", label: `New link for ${email}` },
                { action: "cancel-invitation", text: "Cancel", label: `Cancel invitation for ${email}` },
              ].map(({ action, text, label }) => (
                <form key={action} action={`/settings/members/${action}`} method="post">
                  <input type="hidden" name="organizationId" value={organizationId} />
                  <input type="hidden" name="invitationId" value={id} />
                  <Button type="submit" aria-label={label}>
                    {text}
                  </Button>
                </form>
              ))}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
