import type { ReactNode } from "react";
import { passwordLengthMax } from "@/lib/users/schema";
import { Button } from "../../components/button";
import { Field, NewPasswordField } from "../../components/field";

/** @param props with `email`, hidden, under which password managers save the new password. */
export function PasswordForm({ email, children }: { email: string; children: ReactNode }) {
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
      />
      <NewPasswordField
        label="New password"
        name="newPassword"
        advice="You’ll be signed out everywhere else."
      />
      <Button type="submit" variant="primary" className="self-start">
        Change password
      </Button>
    </form>
  );
}
