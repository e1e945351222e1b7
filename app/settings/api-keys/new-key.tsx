import type { ApiKeySummary } from "@/lib/api-keys/list";
import { environment } from "@/lib/environment";
import { FlashSecret } from "../../components/flash-secret";
import { Notice } from "../../components/notice";
import { RelativeTime } from "../../components/relative-time";
import { Section } from "../../components/section";

interface NewKeyProps {
  organizationId: string;
  /** Whether it has the scope of the command to try. */
  mayRead: boolean;
}

/** Shows a new key, once. */
export function NewKey({ organizationId, mayRead }: NewKeyProps) {
  const url = `${environment().NEXTAUTH_URL}/batch/jobs?organizationId=${organizationId}`;
  return (
    <Section title="Copy your new API key">
      <p className="text-muted">
        It works for the batch jobs of {organizationId} only. You won’t be able to see it again, so store it
        somewhere safe.
      </p>
      <FlashSecret id="new-api-key" label="the API key" />
      {mayRead && (
        <>
          <p className="text-muted">Try it in a terminal:</p>
          <FlashSecret
            id="new-api-key-curl"
            label="the command"
            before={`curl "${url}" -H "Authorization: Bearer `}
            after={`"`}
          />
        </>
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
