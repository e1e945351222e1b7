import type { ReactNode } from "react";
import { WarnIcon } from "./icons";

const variants = {
  warn: "bg-warn-surface text-warn",
  danger: "bg-danger-surface text-danger",
};

/**
 * `danger` interrupts a screen reader, `warn` waits until it pauses.
 *
 * @param props with `isLive` false for a text that changes by itself, which would be read out each time.
 */
export function Notice({
  variant = "warn",
  isLive = true,
  children,
}: {
  variant?: keyof typeof variants;
  isLive?: boolean;
  children: ReactNode;
}) {
  return (
    <div
      role={isLive ? (variant === "danger" ? "alert" : "status") : undefined}
      className={`flex items-start gap-2.5 rounded-md px-3.5 py-2.5 ${variants[variant]}`}
    >
      <span className="pt-0.5">
        <WarnIcon />
      </span>
      <div className="min-w-0 wrap-anywhere">{children}</div>
    </div>
  );
}
