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

const overlapMaxMs = Math.max(...overlapHours.map(Number)) * 3_600_000;

function KeyForm({
  action,
  context,
  children,
}: {
  action: string;
  context: ApiKeyContext;
  children: ReactNode;
}) {
  return (
    <form action={`/settings/api-keys/${action}`} method="post" className="flex flex-col items-stretch gap-4">
      <input type="hidden" name="organizationId" value={context.organizationId} />
      <input type="hidden" name="apiKeyId" value={context.apiKey.id} />
      {children}
    </form>
  );
}

/** For a key that has been rotated. */
export function Rotation({ canManage, ...context }: ApiKeyContext & { canManage: boolean }) {
  const { apiKey, nowMs } = context;
  const left = apiKey.expiresAt ? formatTimeLeft(apiKey.expiresAt.getTime() - nowMs) : undefined;
  const usedAgo = formatDuration(nowMs - (apiKey.lastUsedAt?.getTime() ?? 0));
  return (
    <Section title="Rotation in progress">
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
        <KeyForm action="end" context={context}>
          {isStillUsed(apiKey) ? (
            <details>
              <summary className="w-fit py-1">Revoke now…</summary>
              <p className="py-1 text-muted">
                The program that still uses this key will be rejected starting with its next request.
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

export function Rotate(context: ApiKeyContext) {
  const { apiKey, zone, nowMs } = context;
  const endsMs = apiKey.expiresAt ? apiKey.expiresAt.getTime() - nowMs : Number.POSITIVE_INFINITY;
  return (
    <Section title="Rotate key" id="rotate">
      {apiKey.successorId && (
        <Notice>
          The key that replaced this one has expired or been revoked. Rotate this key to create another one.
        </Notice>
      )}
      <p className="text-muted">
        Creates a new key with the same name. The old key keeps working for a while, so your programs can
        switch without downtime.
      </p>
      {apiKey.expiresAt && endsMs < overlapMaxMs && (
        <Notice>
          This key expires <RelativeTime at={apiKey.expiresAt} zone={zone} nowMs={nowMs} />, even if you
          choose to keep it longer.
        </Notice>
      )}
      <KeyForm action="rotate" context={context}>
        <OverlapField />
        <ExpiryFields label="New key expires" propsOf={context.propsOf} />
        <Button type="submit" variant="primary" className="self-start">
          Rotate key
        </Button>
      </KeyForm>
    </Section>
  );
}

export function Rename(context: ApiKeyContext) {
  return (
    <Section title="Rename key">
      <KeyForm action="rename" context={context}>
        <Field
          label="Name"
          name="name"
          defaultValue={context.apiKey.name}
          maxLength={50}
          autoComplete="off"
          required
          {...context.propsOf("name")}
        />
        <Button type="submit" className="self-start">
          Rename
        </Button>
      </KeyForm>
    </Section>
  );
}

export function Revoke(context: ApiKeyContext) {
  const { apiKey, nowMs } = context;
  return (
    <Section title="Revoke key" danger>
      <p className="text-muted">
        {apiKey.lastUsedAt
          ? `Programs using this key will be rejected starting with their next request. It was last used ${formatDuration(nowMs - apiKey.lastUsedAt.getTime())} ago. `
          : "This key has never been used. "}
        This can’t be undone.
      </p>
      <KeyForm action="revoke" context={context}>
        <Field
          label={`Type “${apiKey.name}” to confirm`}
          name="confirmedName"
          autoComplete="off"
          spellCheck={false}
          required
          {...context.propsOf("confirmedName")}
        />
        <Button type="submit" variant="danger" className="self-start">
          Revoke API key
        </Button>
      </KeyForm>
    </Section>
  );
}
