import { useId } from "react";
import { Button } from "./button";

export function SearchForm(props: {
  action: string;
  /** Of the parameter. */
  name?: string;
  label: string;
  placeholder?: string;
  search?: string;
  /** Further parameters of the address. */
  hidden?: Record<string, string>;
}) {
  const { action, name = "search", label, placeholder = label, search, hidden = {} } = props;
  const id = useId();
  return (
    <search>
      <form action={action} method="get" className="flex items-center gap-2">
        {Object.entries(hidden).map(([key, value]) => (
          <input key={key} type="hidden" name={key} value={value} />
        ))}
        <label htmlFor={id} className="sr-only">
          {label}
        </label>
        <input
          id={id}
          type="search"
          name={name}
          defaultValue={search}
          placeholder={placeholder}
          maxLength={254}
          autoComplete="off"
          className="h-9 w-full min-w-0 rounded-md border border-edge bg-surface px-2.5 text-base text-ink sm:text-sm"
        />
        <Button type="submit" className="shrink-0">
          Search
        </Button>
      </form>
    </search>
  );
}
