import { formatNumber, quantity } from "@/lib/format/quantity";

/** Drawn as SVG, whose widths are attributes: the content security policy allows no inline styles. */
export function ProgressBar(props: {
  label: string;
  total: number;
  processed: number;
  successful: number;
  failed: number;
}) {
  const { label, total, processed, successful, failed } = props;
  const width = (count: number) => (total === 0 ? 0 : Math.round((count / total) * 10_000) / 100);
  return (
    <svg
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={processed}
      aria-valuetext={`${formatNumber(processed)} of ${quantity(total, "contact")}, ${formatNumber(successful)} successful, ${formatNumber(failed)} failed`}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      className="h-1.5 w-full rounded-full"
    >
      <rect width="100" height="6" className="fill-track" />
      <rect width={width(processed)} height="6" className="fill-edge" />
      <rect width={width(successful + failed)} height="6" className="fill-failed" />
      {/* A gap separates the two without relying on colour. */}
      {successful > 0 && failed > 0 && (
        <rect width={width(successful) + 0.6} height="6" className="fill-surface" />
      )}
      <rect width={width(successful)} height="6" className="fill-completed" />
    </svg>
  );
}
