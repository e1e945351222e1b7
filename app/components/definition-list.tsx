import type { ReactNode } from "react";

export type Definition = [term: string, value: ReactNode];

/** Terms beside their values, without those that have none. @param props with `columns`, their widths. */
export function DefinitionList(props: { items: Definition[]; columns?: string; className?: string }) {
  const { items, columns = "grid-cols-[fit-content(40%)_minmax(0,1fr)]", className = "" } = props;
  return (
    <dl className={`grid gap-x-5 wrap-anywhere ${columns} ${className}`}>
      {items.map(
        ([term, value], index) =>
          value && (
            // biome-ignore lint/suspicious/noArrayIndexKey: terms can be the same, as when long ones are cut
            <div key={`${index} ${term}`} className="contents">
              <dt className="text-muted">{term}</dt>
              <dd className="whitespace-pre-wrap">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
