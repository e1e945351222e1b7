import type { ApiKeySummary } from "@/lib/api-keys/list";
import { WarnIcon } from "../../components/icons";
import { ShortRelativeTime } from "../../components/relative-time";
import { textLinkClass } from "../../components/text-link";
import { settingsAddress } from "../address";
import { Scopes } from "./scopes";
import { expiryLabel, expiryVariant, isStillUsed, StateBadge } from "./state";

const variants = { plain: "", warn: "font-medium text-warn", danger: "font-medium text-danger" };

function Expiry({ apiKey, nowMs }: { apiKey: ApiKeySummary; nowMs: number }) {
  const isNear = apiKey.state === "expiring" && apiKey.expiresAt !== null;
  const variant = isNear && apiKey.expiresAt ? expiryVariant(apiKey.expiresAt, nowMs) : "plain";
  const isWarning = variant !== "plain" || (apiKey.state === "active" && apiKey.expiresAt === null);
  return (
    <span className={`inline-flex items-center gap-1 ${variants[variant]}`}>
      {isWarning && <WarnIcon />}
      {expiryLabel(apiKey, nowMs)}
    </span>
  );
}

export function KeyList(props: {
  apiKeys: ApiKeySummary[];
  organizationId: string;
  zone: string;
  nowMs: number;
}) {
  const { apiKeys, organizationId, zone, nowMs } = props;
  return (
    <ul className="flex flex-col divide-y divide-line">
      {apiKeys.map((key) => (
        <li key={key.id} className="flex flex-col gap-1.5 py-3 first:pt-0 last:pb-0">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
            <a
              href={settingsAddress("api-keys", organizationId, { below: key.id })}
              className={`${textLinkClass} min-w-0 font-medium wrap-anywhere`}
            >
              {key.name}
            </a>
            <StateBadge state={key.state} />
          </div>
          <div className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
            <code className="font-mono text-ink">
              {key.start}…{key.lastFour}
            </code>
            <Scopes scopes={key.scopes} />
            <Expiry apiKey={key} nowMs={nowMs} />
            <span>
              {key.lastUsedAt ? (
                <>
                  Last used <ShortRelativeTime at={key.lastUsedAt} zone={zone} nowMs={nowMs} />
                </>
              ) : (
                "Never used"
              )}
            </span>
            <span>
              Created <ShortRelativeTime at={key.createdAt} zone={zone} nowMs={nowMs} /> {creatorLabel(key)}
            </span>
          </div>
          {isStillUsed(key) && <p className="text-xs font-medium text-warn">Still in use</p>}
        </li>
      ))}
    </ul>
  );
}

/** A key stays when its creator leaves. */
export function creatorLabel({ creator, isCreatorMember }: ApiKeySummary): string {
  if (creator === null) return "on the command line";
  return isCreatorMember ? `by ${creator}` : `by ${creator} (no longer a member)`;
}
