import { type ComponentProps, type ReactNode, useId } from "react";
import { passwordLengthMax, passwordLengthMin } from "@/lib/users/schema";

const inputClass =
  "h-10 rounded-md border border-edge bg-surface text-base text-ink aria-invalid:border-danger sm:text-sm";

interface Explained {
  label: string;
  /** What is expected, before anything is wrong. */
  hint?: ReactNode;
  /** What is wrong with what was sent. */
  error?: string | undefined;
  /** The id of the element that shows the error, if it is not below the input. */
  errorId?: string | undefined;
}

/** What an input is given so that its error and its hint are read out with it. @param id the input's. */
const explained = (id: string, { hint, error, errorId = `${id}-error` }: Explained) => ({
  id,
  "aria-invalid": error === undefined ? undefined : true,
  "aria-describedby":
    [error !== undefined && errorId, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined,
});

function Labelled(props: Explained & { id: string; children: ReactNode }) {
  const { id, label, hint, error, errorId, children } = props;
  return (
    <div className="flex max-w-full flex-col gap-1.5">
      <label htmlFor={id} className="font-medium wrap-anywhere">
        {label}
      </label>
      {children}
      {error !== undefined && errorId === undefined && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {hint && (
        <div id={`${id}-hint`} className="text-xs text-faint">
          {hint}
        </div>
      )}
    </div>
  );
}

export function FieldError({ id, children }: { id?: string; children: string }) {
  return (
    <p id={id} className="text-sm wrap-anywhere text-danger">
      {children}
    </p>
  );
}

const classesByType: Record<string, string> = {
  date: "self-start px-3",
  time: "self-start px-3",
  file: "max-w-full p-1 file:mr-3 file:h-7.5 file:cursor-pointer file:rounded file:bg-raised file:px-3 file:font-medium",
};

/** A labelled input. */
export function Field({ label, hint, error, errorId, ...input }: ComponentProps<"input"> & Explained) {
  const id = useId();
  const classes = classesByType[input.type ?? ""] ?? "px-3";
  return (
    <Labelled id={id} {...{ label, hint, error, errorId }}>
      <input
        {...explained(id, { label, hint, error, errorId })}
        className={`${inputClass} ${classes}`}
        {...input}
      />
    </Labelled>
  );
}

export function TextareaField({
  label,
  hint,
  error,
  errorId,
  ...area
}: ComponentProps<"textarea"> & Explained) {
  const id = useId();
  return (
    <Labelled id={id} {...{ label, hint, error, errorId }}>
      <textarea
        {...explained(id, { label, hint, error, errorId })}
        className={`${inputClass} h-auto px-3 py-2`}
        {...area}
      />
    </Labelled>
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
export function NewPasswordField(props: {
  label: string;
  name: string;
  advice: string;
  error?: string | undefined;
  autoFocus?: boolean;
}) {
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

export function SelectField({
  label,
  hint,
  error,
  errorId,
  ...select
}: ComponentProps<"select"> & Explained) {
  const id = useId();
  return (
    <Labelled id={id} {...{ label, hint, error, errorId }}>
      <select
        {...explained(id, { label, hint, error, errorId })}
        className={`${inputClass} max-w-full px-2.5`}
        {...select}
      />
    </Labelled>
  );
}
