import type { ExpiringApiKey } from "@/lib/api-keys/list";
import { quantity } from "@/lib/format/quantity";
import { formatTimeLeft } from "@/lib/format/time";
import { Notice } from "../components/notice";
import { settingsAddress } from "../settings/address";
import { expiryVariant } from "../settings/api-keys/state";

const shownMax = 3;

/** For owners: keys that will soon be rejected. */
export function ExpiringKeys(props: { apiKeys: ExpiringApiKey[]; organizationId: string; nowMs: number }) {
  const { apiKeys, organizationId, nowMs } = props;
  if (apiKeys.length === 0) return null;
  const more = apiKeys.length - shownMax;
  const isUrgent = apiKeys.some(({ expiresAt }) => expiryVariant(expiresAt, nowMs) === "danger");
  return (
    <div className="mb-4">
      <Notice variant={isUrgent ? "danger" : "warn"}>
        <ul className="flex flex-col gap-1">
          {apiKeys.slice(0, shownMax).map(({ id, name, lastFour, expiresAt }) => (
            <li key={id}>
              The API key “{name}” (…{lastFour}) expires in {formatTimeLeft(expiresAt.getTime() - nowMs)}.{" "}
              <a
                href={`${settingsAddress("api-keys", organizationId, { below: id })}#rotate`}
                className="underline underline-offset-3"
              >
                Rotate key
              </a>
            </li>
          ))}
          {more > 0 && (
            <li>
              <a href={settingsAddress("api-keys", organizationId)} className="underline underline-offset-3">
                {quantity(more, "more expiring API key")}
              </a>
            </li>
          )}
        </ul>
      </Notice>
    </div>
  );
}
