import type { ComponentProps } from "react";
import { Field } from "./field";

/**
 * A labelled input for an email address. Not `type="email"`: with it browsers refuse letters beyond ASCII before the @,
 * which mailboxes may have (RFC 6531).
 */
export function EmailField(input: Omit<ComponentProps<typeof Field>, "label" | "name" | "type">) {
  return (
    <Field
      label="Email address"
      name="email"
      inputMode="email"
      autoCapitalize="none"
      spellCheck={false}
      pattern="\s*[^\s@]+@[^\s@]+\s*"
      title="an address like name@example.com"
      {...input}
    />
  );
}
