import { mayManageRole, type Role } from "@/lib/access/permissions";
import type { InvitationSummary } from "@/lib/invitations/list";
import { Button } from "../../components/button";
import { ShortRelativeTime } from "../../components/relative-time";
import { roleLabels } from "../roles";

interface InvitationsProps {
  invitations: InvitationSummary[];
  /** Of who is looking. */
  role: Role;
  organizationId: string;
  zone: string;
  nowMs: number;
}

/** Who has not come yet. A link cannot be shown again; a new one replaces it. */
export function Invitations({ invitations, role, organizationId, zone, nowMs }: InvitationsProps) {
  return (
    <ul className="flex flex-col divide-y divide-line">
      {invitations.map(({ id, email, role: theirs, expiresAt, isExpired, inviter }) => (
        <li
          key={id}
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0"
        >
          <div className="min-w-0 wrap-anywhere">
            <p className="font-medium">{email}</p>
            <p className="text-xs text-muted">
              As {roleLabels[theirs].toLowerCase()}
              {inviter && `, by ${inviter}`} ·{" "}
              <span className={isExpired ? "font-medium text-warn" : ""}>
                link {isExpired ? "expired" : "expires"}{" "}
                <ShortRelativeTime at={expiresAt} zone={zone} nowMs={nowMs} />
              </span>
            </p>
          </div>
          {mayManageRole(role, theirs) && (
            <div className="flex gap-2">
              {[
                { action: "renew-invitation", word: "New link", label: `New link for ${email}` },
                { action: "cancel-invitation", word: "Cancel", label: `Cancel invitation for ${email}` },
              ].map(({ action, word, label }) => (
                <form key={action} action={`/settings/members/${action}`} method="post">
                  <input type="hidden" name="organizationId" value={organizationId} />
                  <input type="hidden" name="invitationId" value={id} />
                  <Button type="submit" aria-label={label}>
                    {word}
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
