import { type ApiKeyScope, apiKeyScopes } from "@/lib/access/permissions";

const descriptions: Record<ApiKeyScope, string> = {
  read: "List batch jobs, and view their contacts.",
  manage: "Create, start, cancel and reschedule batch jobs.",
  dial: "Get contacts to call, and report the results: for dialers.",
};

/** What a new key may do; one checkbox for each scope. */
export function ScopeFields({ draft }: { draft: Record<string, string> }) {
  const isNew = Object.keys(draft).length === 0;
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-2 font-medium">Scopes</legend>
      {apiKeyScopes.map((scope) => (
        <label key={scope} className="flex items-baseline gap-2.5">
          <input
            type="checkbox"
            name={scope}
            value="true"
            defaultChecked={isNew ? scope === "read" : draft[scope] === "true"}
          />
          <span>
            <code className="font-mono">{scope}</code>{" "}
            <span className="text-muted">{descriptions[scope]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

export function Scopes({ scopes }: { scopes: readonly ApiKeyScope[] }) {
  return <code className="font-mono">{apiKeyScopes.filter((one) => scopes.includes(one)).join(", ")}</code>;
}
