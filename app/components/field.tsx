import { type ComponentProps, useId } from "react";
import { passwordLengthMax, passwordLengthMin } from "@/lib/users/schema";

const inputClass = "h-10 rounded-md border border-edge bg-surface text-base text-ink sm:text-sm";

/** A labelled input. `hint` says what is expected before anything is wrong. */
export function Field({ label, hint, ...input }: ComponentProps<"input"> & { label: string; hint?: string }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium wrap-anywhere">
        {label}
      </label>
      <input id={id} aria-describedby={hint && `${id}-hint`} className={`${inputClass} px-3`} {...input} />
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-faint">
          {hint}
        </p>
      )}
    </div>
  );
}

/** Not `type="email"`: with it browsers refuse letters beyond ASCII before the @, which RFC 6531 allows. */
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

/** @param props with `advice`, which follows the length in the hint. */
export function NewPasswordField(props: { label: string; name: string; advice: string }) {
  const { advice, ...input } = props;
  return (
    <Field
      type="password"
      autoComplete="new-password"
      minLength={passwordLengthMin}
      maxLength={passwordLengthMax}
      hint={`At least ${passwordLengthMin} characters. ${advice}`}
      required
      {...input}
    />
  );
}

/** @param subject the beginning of a sentence, for a password that lib/users/schema.ts refuses. */
export function passwordMessage(subject: string): string {
  return `${subject} must have ${passwordLengthMin} to ${passwordLengthMax} characters.`;
}

export function SelectField({ label, ...select }: ComponentProps<"select"> & { label: string }) {
  const id = useId();
  return (
    <div className="flex max-w-full flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <select id={id} className={`${inputClass} max-w-full px-2.5`} {...select} />
    </div>
  );
}
