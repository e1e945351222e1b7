import type { ReactNode } from "react";
import type { ApiKeyScope } from "@/lib/access/permissions";
import type { ApiKeySummary } from "@/lib/api-keys/list";
import { environment } from "@/lib/environment";
import { FlashSecret } from "../../components/flash-secret";
import { Notice } from "../../components/notice";
import { RelativeTime } from "../../components/relative-time";
import { Section } from "../../components/section";

interface NewKeyProps {
  organizationId: string;
  scopes: readonly ApiKeyScope[];
  /** Of a phone number that makes calls; undefined if there is none. */
  phoneNumberId: string | undefined;
}

/** A command with the new key between these texts. */
function TryIt(props: { scope: ApiKeyScope; before: string; after: string; children: ReactNode }) {
  const { scope, before, after, children } = props;
  return (
    <>
      <p className="text-muted">{children}</p>
      <FlashSecret
        id={`new-api-key-${scope}`}
        label={`the command for ${scope}`}
        before={before}
        after={after}
      />
    </>
  );
}

/** Shows a new key, once. */
export function NewKey({ organizationId, scopes, phoneNumberId }: NewKeyProps) {
  const url = environment().NEXTAUTH_URL;
  const job = JSON.stringify({
    name: "Trying it out",
    fromPhoneNumberId: phoneNumberId ?? "phone_…",
    contacts: [{ phone: "+12025550100" }],
    scheduledStartTime: "2030-01-01T09:00:00",
  });
  return (
    <Section title="Copy your new API key">
      <p className="text-muted">
        It works for the batch jobs of {organizationId} only. You won’t be able to see it again, so store it
        somewhere safe.
      </p>
      <FlashSecret id="new-api-key" label="the API key" />
      {scopes.includes("read") && (
        <TryIt
          scope="read"
          before={`curl "${url}/batch/jobs?organizationId=${organizationId}" -H "Authorization: Bearer `}
          after={`"`}
        >
          List batch jobs in a terminal:
        </TryIt>
      )}
      {scopes.includes("manage") && (
        <TryIt
          scope="manage"
          before={`curl "${url}/batch/create" -H "Content-Type: application/json" -d '${job}' -H "Authorization: Bearer `}
          after={`"`}
        >
          Create a batch job, here for 2030. Without <code className="font-mono">scheduledStartTime</code>,
          its contacts are called as soon as a dialer asks.
        </TryIt>
      )}
      {scopes.includes("dial") && (
        <TryIt
          scope="dial"
          before={`BATCH_JOBS_URL=${url} BATCH_JOBS_API_KEY=`}
          after=" npm run -s dialer -- --simulate"
        >
          Run the example dialer in a clone of Batch Jobs. It simulates calls; to make real ones, replace{" "}
          <code className="font-mono">--simulate</code> with{" "}
          <code className="font-mono">--command ./call.sh</code>.
        </TryIt>
      )}
    </Section>
  );
}

/** When the old key expires, which may be sooner than the overlap that was chosen. */
export function RotatedKey(props: { apiKey: ApiKeySummary; zone: string; nowMs: number }) {
  const { apiKey, zone, nowMs } = props;
  const { start, lastFour, state, expiresAt } = apiKey;
  return (
    <Notice>
      The old key{" "}
      <code className="font-mono">
        {start}…{lastFour}
      </code>{" "}
      {state !== "rotating" || expiresAt === null ? (
        "has been revoked."
      ) : (
        <>
          works until it expires <RelativeTime at={expiresAt} zone={zone} nowMs={nowMs} />.
        </>
      )}
    </Notice>
  );
}
