import type { ComponentProps } from "react";

const shape = "inline-flex h-9 items-center justify-center gap-1.5 rounded-md px-3.5 font-medium";
const looks = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  danger: "border border-danger bg-surface text-danger hover:bg-danger-surface",
  plain: "border border-line bg-surface text-ink hover:bg-raised",
};

/** The classes of a button, for links that look like one. */
export function buttonClass(look: keyof typeof looks = "plain"): string {
  return `${shape} ${looks[look]}`;
}

export function Button({
  look = "plain",
  className = "",
  type = "button",
  ...rest
}: ComponentProps<"button"> & { look?: keyof typeof looks }) {
  return <button type={type} className={`${buttonClass(look)} ${className}`} {...rest} />;
}
