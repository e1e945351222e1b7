import type { ReactNode } from "react";
import type { ApiKeySummary } from "@/lib/api-keys/list";
import type { ErrorProps } from "../../../components/form-result";
import { RelativeTime } from "../../../components/relative-time";
import { Section } from "../../../components/section";
import { textLinkClass } from "../../../components/text-link";
import { settingsAddress } from "../../address";
import { creatorLabel } from "../key-list";
import { Scopes } from "../scopes";
import { StateBadge } from "../state";

export interface ApiKeyContext {
  apiKey: ApiKeySummary;
  organizationId: string;
  zone: string;
  nowMs: number;
  propsOf: ErrorProps;
}

export function KeyDetails({ apiKey, organizationId, zone, nowMs }: ApiKeyContext) {
  const time = (at: Date) => <RelativeTime at={at} zone={zone} nowMs={nowMs} />;
  const { createdAt, expiresAt, revokedAt, lastUsedAt, rotatedAt, successorId, predecessorId } = apiKey;
  const hasExpired = expiresAt !== null && expiresAt.getTime() <= nowMs;
  const lines: [label: string, value: ReactNode][] = [
    ["Status", <StateBadge key="state" state={apiKey.state} />],
    [
      "Key",
      <code key="key" className="font-mono">
        {apiKey.start}…{apiKey.lastFour}
      </code>,
    ],
    ["Scopes", <Scopes key="scopes" scopes={apiKey.scopes} />],
    [
      "Created",
      <span key="made">
        {time(createdAt)} {creatorLabel(apiKey)}
      </span>,
    ],
    ["Last used", lastUsedAt ? time(lastUsedAt) : "Never"],
    ...(revokedAt ? [["Revoked", time(revokedAt)] as [string, ReactNode]] : []),
    ...(rotatedAt ? [["Rotated", time(rotatedAt)] as [string, ReactNode]] : []),
    ...(revokedAt
      ? []
      : [[hasExpired ? "Expired" : "Expires", expiresAt ? time(expiresAt) : "Never"] as [string, ReactNode]]),
  ];
  const link = (id: string, text: string) => (
    <p>
      <a href={settingsAddress("api-keys", organizationId, { below: id })} className={textLinkClass}>
        {text}
      </a>
    </p>
  );
  return (
    <Section title="Details">
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2">
        {lines.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      {successorId && link(successorId, "View the key that replaces this one")}
      {predecessorId && link(predecessorId, "View the key that this one replaces")}
    </Section>
  );
}
