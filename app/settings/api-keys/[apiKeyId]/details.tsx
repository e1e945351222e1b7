import type { ReactNode } from "react";
import type { ApiKeySummary } from "@/lib/api-keys/list";
import { RelativeTime } from "../../../components/relative-time";
import { Section } from "../../../components/section";
import { textLinkClass } from "../../../components/text-link";
import { settingsAddress } from "../../address";
import { creatorLabel } from "../key-list";
import { StateBadge } from "../state";

export interface ApiKeyContext {
  apiKey: ApiKeySummary;
  organizationId: string;
  zone: string;
  nowMs: number;
}

export function KeyDetails({ apiKey, organizationId, zone, nowMs }: ApiKeyContext) {
  const moment = (at: Date) => <RelativeTime at={at} zone={zone} nowMs={nowMs} />;
  const { createdAt, expiresAt, revokedAt, lastUsedAt, rotatedAt, successorId, predecessorId } = apiKey;
  const isOver = expiresAt !== null && expiresAt.getTime() <= nowMs;
  const lines: [word: string, value: ReactNode][] = [
    ["Status", <StateBadge key="state" state={apiKey.state} />],
    [
      "Key",
      <code key="key" className="font-mono">
        {apiKey.start}…{apiKey.lastFour}
      </code>,
    ],
    [
      "Created",
      <span key="made">
        {moment(createdAt)} {creatorLabel(apiKey)}
      </span>,
    ],
    ["Last used", lastUsedAt ? moment(lastUsedAt) : "Never"],
    ...(revokedAt ? [["Revoked", moment(revokedAt)] as [string, ReactNode]] : []),
    ...(rotatedAt ? [["Replaced", moment(rotatedAt)] as [string, ReactNode]] : []),
    ...(revokedAt
      ? []
      : [[isOver ? "Expired" : "Expires", expiresAt ? moment(expiresAt) : "Never"] as [string, ReactNode]]),
  ];
  const other = (id: string, words: string) => (
    <p>
      <a href={settingsAddress("api-keys", organizationId, { below: id })} className={textLinkClass}>
        {words}
      </a>
    </p>
  );
  return (
    <Section title="About this key">
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2">
        {lines.map(([word, value]) => (
          <div key={word} className="contents">
            <dt className="text-muted">{word}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      {successorId && other(successorId, "Replaced by")}
      {predecessorId && other(predecessorId, "Replaces")}
    </Section>
  );
}
