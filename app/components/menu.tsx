import { type ReactNode, useId } from "react";
import { ChevronIcon } from "./icons";

const headerButton =
  "flex h-9 min-w-0 items-center gap-1 rounded-md px-2 text-muted hover:bg-raised hover:text-ink";

/** A button that opens a panel, as a popover of the browser's own: it needs no JavaScript. */
export function Menu(props: {
  /** Of the button, where its content does not say it all. */
  label?: string;
  button: ReactNode;
  children: ReactNode;
  /** Of the button and of the panel, instead of those of the header. */
  buttonClass?: string;
  panelClass?: string;
}) {
  const { label, button, children, buttonClass = headerButton, panelClass = "menu-panel w-64" } = props;
  const id = useId();
  return (
    <>
      <button type="button" popoverTarget={id} aria-label={label} className={buttonClass}>
        {button}
        <ChevronIcon />
      </button>
      <div
        id={id}
        popover="auto"
        className={`rounded-lg border border-line bg-surface p-1.5 text-ink shadow-lg ${panelClass}`}
      >
        {children}
      </div>
    </>
  );
}

export const menuItemClass = "menu-item";

export function MenuHeading({ children }: { children: ReactNode }) {
  return <p className="px-2.5 pt-2 pb-1 text-xs text-faint">{children}</p>;
}
