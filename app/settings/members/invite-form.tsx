import { mayManageRole, type Role, roles } from "@/lib/access/permissions";
import { Button } from "../../components/button";
import { EmailField, SelectField } from "../../components/field";
import type { ErrorProps } from "../../components/form-result";
import { roleDescriptions, roleLabels } from "../roles";

export function InviteForm(props: {
  organizationId: string;
  role: Role;
  draft: Record<string, string>;
  canSendMail: boolean;
  propsOf: ErrorProps;
}) {
  const { organizationId, role, draft, canSendMail, propsOf } = props;
  const assignable = roles.filter((one) => mayManageRole(role, one));
  return (
    <form action="/settings/members/invite" method="post" className="flex flex-col gap-4">
      <input type="hidden" name="organizationId" value={organizationId} />
      <EmailField
        defaultValue={draft.email}
        autoComplete="off"
        hint={
          canSendMail
            ? "We’ll email them the link. You’ll see it too."
            : "You’ll get a link to share with them. This server doesn’t send email."
        }
        required
        {...propsOf("email")}
      />
      <div className="flex flex-col gap-1.5">
        <SelectField label="Role" name="role" defaultValue={draft.role ?? "member"}>
          {assignable.map((one) => (
            <option key={one} value={one}>
              {roleLabels[one]}
            </option>
          ))}
        </SelectField>
        <ul className="text-xs text-faint">
          {assignable.map((one) => (
            <li key={one}>{roleDescriptions[one]}</li>
          ))}
        </ul>
      </div>
      <Button type="submit" variant="primary" className="self-start">
        Invite
      </Button>
    </form>
  );
}
