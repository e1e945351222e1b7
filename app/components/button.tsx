import type { ComponentProps } from "react";

const base = "inline-flex h-9 items-center justify-center gap-1.5 rounded-md px-3.5 font-medium";
const variants = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  danger: "border border-danger bg-surface text-danger hover:bg-danger-surface",
  plain: "border border-line bg-surface text-ink hover:bg-raised",
};

/** For links that look like a button. */
export function buttonClass(variant: keyof typeof variants = "plain"): string {
  return `${base} ${variants[variant]}`;
}

/** For buttons that open a panel, in a row above a list. */
export const toolbarButtonClass =
  "flex h-9 shrink-0 items-center gap-1.5 rounded-md border border-line bg-surface px-2.5 font-medium hover:bg-raised max-sm:[&>svg:last-child]:hidden";

export function Button({
  variant = "plain",
  className = "",
  type = "button",
  ...rest
}: ComponentProps<"button"> & { variant?: keyof typeof variants }) {
  return <button type={type} className={`${buttonClass(variant)} ${className}`} {...rest} />;
}
