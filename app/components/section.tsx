import { type ReactNode, useId } from "react";

/** A part of a settings page. @param props with `danger` for what cannot be undone. */
export function Section(props: { title: string; id?: string; danger?: boolean; children: ReactNode }) {
  const { title, danger = false, children } = props;
  const id = useId();
  return (
    <section
      id={props.id}
      aria-labelledby={id}
      className={`flex flex-col gap-4 rounded-lg border bg-surface p-4 sm:p-5 ${danger ? "border-danger" : "border-line"}`}
    >
      <h2 id={id} className="text-base font-medium">
        {title}
      </h2>
      {children}
    </section>
  );
}
