import { type ComponentProps, useId } from "react";

/** A labelled choice of one of several. */
export function SelectField({ label, ...select }: ComponentProps<"select"> & { label: string }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <select
        id={id}
        className="h-10 rounded-md border border-edge bg-surface px-2.5 text-base text-ink sm:text-sm"
        {...select}
      />
    </div>
  );
}
