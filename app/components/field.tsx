import { type ComponentProps, useId } from "react";

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

/** @param input with the `name` of the form's field. */
export function NewPasswordField(input: Omit<ComponentProps<typeof Field>, "type">) {
  return (
    <Field
      type="password"
      autoComplete="new-password"
      minLength={12}
      maxLength={200}
      hint="At least 12 characters. A passphrase is easier to remember."
      required
      {...input}
    />
  );
}

export function SelectField({ label, ...select }: ComponentProps<"select"> & { label: string }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <select id={id} className={`${inputClass} px-2.5`} {...select} />
    </div>
  );
}
