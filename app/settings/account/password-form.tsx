import type { ReactNode } from "react";
import { passwordLengthMax } from "@/lib/users/schema";
import { Button } from "../../components/button";
import { Field, NewPasswordField } from "../../components/field";
import type { ErrorProps } from "../../components/form-result";

/** @param props with `email`, hidden, under which password managers save the new password. */
export function PasswordForm(props: { email: string; propsOf: ErrorProps; children: ReactNode }) {
  const { email, propsOf, children } = props;
  return (
    <form action="/settings/account/change-password" method="post" className="flex flex-col gap-4">
      {children}
      <input name="email" autoComplete="username" defaultValue={email} hidden readOnly />
      <Field
        label="Current password"
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        maxLength={passwordLengthMax}
        required
        {...propsOf("currentPassword")}
      />
      <NewPasswordField
        label="New password"
        name="newPassword"
        advice="You’ll be signed out everywhere else."
        {...propsOf("newPassword")}
      />
      <Button type="submit" variant="primary" className="self-start">
        Change password
      </Button>
    </form>
  );
}
