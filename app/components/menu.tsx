import { type ReactNode, useId } from "react";
import { ChevronIcon } from "./icons";

/** A button that opens a panel, as a popover of the browser's own: it needs no JavaScript. */
export function Menu({ label, button, children }: { label: string; button: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label={label}
        className="flex h-9 min-w-0 items-center gap-1 rounded-md px-2 text-muted hover:bg-raised hover:text-ink"
      >
        {button}
        <ChevronIcon />
      </button>
      <div
        id={id}
        popover="auto"
        className="menu-panel w-64 rounded-lg border border-line bg-surface p-1.5 text-ink shadow-lg"
      >
        {children}
      </div>
    </>
  );
}

export const menuItemClass =
  "flex min-h-9 w-full items-center justify-between gap-3 rounded-md px-2.5 py-1.5 text-left hover:bg-raised";

export function MenuHeading({ children }: { children: ReactNode }) {
  return <p className="px-2.5 pt-2 pb-1 text-xs text-faint">{children}</p>;
}
