import { type ComponentProps, useId } from "react";

/** A labelled input. `hint` says what is expected before anything is wrong. */
export function Field({ label, hint, ...input }: ComponentProps<"input"> & { label: string; hint?: string }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium wrap-anywhere">
        {label}
      </label>
      <input
        id={id}
        aria-describedby={hint && `${id}-hint`}
        className="h-10 rounded-md border border-edge bg-surface px-3 text-base text-ink sm:text-sm"
        {...input}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-faint">
          {hint}
        </p>
      )}
    </div>
  );
}
