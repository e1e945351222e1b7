import type { ReactNode } from "react";
import { overlapHours } from "@/lib/api-keys/schema";
import { formatDuration, formatTimeLeft } from "@/lib/format/time";
import { Button } from "../../../components/button";
import { Field } from "../../../components/field";
import { Notice } from "../../../components/notice";
import { RelativeTime } from "../../../components/relative-time";
import { Section } from "../../../components/section";
import { ExpiryFields, OverlapField } from "../expiry-fields";
import { isStillUsed } from "../state";
import type { ApiKeyContext } from "./details";

/** The longest that an old key can go on. */
const overlapMaxMs = Math.max(...overlapHours.map(Number)) * 3_600_000;

function KeyForm({ action, seen, children }: { action: string; seen: ApiKeyContext; children: ReactNode }) {
  return (
    <form action={`/settings/api-keys/${action}`} method="post" className="flex flex-col items-stretch gap-4">
      <input type="hidden" name="organizationId" value={seen.organizationId} />
      <input type="hidden" name="apiKeyId" value={seen.apiKey.id} />
      {children}
    </form>
  );
}

/** A key whose successor is there: whether the old one can go. */
export function Replaced({ canManage, ...seen }: ApiKeyContext & { canManage: boolean }) {
  const { apiKey, nowMs } = seen;
  const left = apiKey.expiresAt ? formatTimeLeft(apiKey.expiresAt.getTime() - nowMs) : undefined;
  const usedAgo = formatDuration(nowMs - (apiKey.lastUsedAt?.getTime() ?? 0));
  return (
    <Section title="Being replaced">
      {isStillUsed(apiKey) ? (
        <Notice>
          A program used this key {usedAgo} ago, after its replacement was created. Switch that program to the
          new key{left && ` within ${left}`}.
        </Notice>
      ) : (
        <p>No program has used this key since its replacement was created.</p>
      )}
      <p className="text-muted">{left ? `It expires in ${left}.` : "It never expires."}</p>
      {canManage && (
        <KeyForm action="end" seen={seen}>
          {isStillUsed(apiKey) ? (
            <details>
              <summary className="w-fit py-1">Revoke now…</summary>
              <p className="py-1 text-muted">
                The program that still uses it will be rejected from its next request on.
              </p>
              <Button type="submit" variant="danger" className="mt-2">
                Revoke anyway
              </Button>
            </details>
          ) : (
            <Button type="submit" className="self-start">
              Revoke now
            </Button>
          )}
        </KeyForm>
      )}
    </Section>
  );
}

export function Rotate(seen: ApiKeyContext) {
  const { apiKey, zone, nowMs } = seen;
  const endsMs = apiKey.expiresAt ? apiKey.expiresAt.getTime() - nowMs : Number.POSITIVE_INFINITY;
  return (
    <Section title="Rotate" id="rotate">
      {apiKey.successorId && (
        <Notice>The key that replaced this one has already ended. Rotating creates another one.</Notice>
      )}
      <p className="text-muted">
        Creates a new key with the same name. The old key keeps working for a while, so your programs can
        switch without downtime.
      </p>
      {apiKey.expiresAt && endsMs < overlapMaxMs && (
        <Notice>
          This key ends <RelativeTime at={apiKey.expiresAt} zone={zone} nowMs={nowMs} /> regardless of what
          you choose here.
        </Notice>
      )}
      <KeyForm action="rotate" seen={seen}>
        <OverlapField />
        <ExpiryFields label="New key expires" />
        <Button type="submit" variant="primary" className="self-start">
          Rotate
        </Button>
      </KeyForm>
    </Section>
  );
}

export function Rename(seen: ApiKeyContext) {
  return (
    <Section title="Rename">
      <KeyForm action="rename" seen={seen}>
        <Field
          label="Name"
          name="name"
          defaultValue={seen.apiKey.name}
          maxLength={50}
          autoComplete="off"
          required
        />
        <Button type="submit" className="self-start">
          Rename
        </Button>
      </KeyForm>
    </Section>
  );
}

export function Revoke(seen: ApiKeyContext) {
  const { apiKey, nowMs } = seen;
  return (
    <Section title="Revoke" danger>
      <p className="text-muted">
        {apiKey.lastUsedAt
          ? `Programs that use it are refused from their next request on; the last one was ${formatDuration(nowMs - apiKey.lastUsedAt.getTime())} ago. `
          : "This key has never been used. "}
        This cannot be undone.
      </p>
      <KeyForm action="revoke" seen={seen}>
        <Field
          label={`Type “${apiKey.name}” to confirm`}
          name="confirmedName"
          autoComplete="off"
          spellCheck={false}
          required
        />
        <Button type="submit" variant="danger" className="self-start">
          Revoke API key
        </Button>
      </KeyForm>
    </Section>
  );
}
