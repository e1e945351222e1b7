import { type ReactNode, useId } from "react";

/**
 * A part of a settings page.
 *
 * @param props with `title` unless it would be the page's; `danger` for what cannot be undone.
 */
export function Section(props: { title?: string; id?: string; danger?: boolean; children: ReactNode }) {
  const { title, danger = false, children } = props;
  const id = useId();
  return (
    <section
      id={props.id}
      aria-labelledby={title && id}
      className={`flex flex-col gap-4 rounded-lg border bg-surface p-4 sm:p-5 ${danger ? "border-danger" : "border-line"}`}
    >
      {title && (
        <h2 id={id} className="text-base font-medium">
          {title}
        </h2>
      )}
      {children}
    </section>
  );
}
