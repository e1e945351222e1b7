/** A command to paste into a terminal. */
export function Command({ children }: { children: string }) {
  return (
    <pre className="rounded-md border border-line bg-raised p-3.5 text-left font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere select-all">
      <code>{children}</code>
    </pre>
  );
}
