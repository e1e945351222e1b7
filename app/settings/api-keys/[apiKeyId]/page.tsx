import { type ApiKeySummary, isUsable, listApiKeys } from "@/lib/api-keys/list";
import { sayStatus } from "@/lib/server/answering";
import NotFound from "../../../not-found";
import type { PageProps } from "../../../page-props";
import { Done } from "../../../parts/done";
import { messageOf } from "../../../parts/form-message";
import { Notice } from "../../../parts/notice";
import { settingsAddress } from "../../address";
import { drawSettings, type Seen } from "../../draw-settings";
import { SettingsFrame } from "../../settings-frame";
import { messages } from "../messages";
import { Rename, Replaced, Revoke, Rotate } from "./actions";
import { KeyDetails } from "./details";

interface ApiKeyPageProps extends PageProps {
  params: Promise<{ apiKeyId: string }>;
}

/** One key: what is known of it, and for owners what can be done with it. */
export default async function ApiKeyPage({ params, searchParams }: ApiKeyPageProps) {
  const { apiKeyId } = await params;
  const path = settingsAddress("api-keys", undefined, { below: apiKeyId });
  return drawSettings({ title: "API key", path }, searchParams, async (seen) => {
    const [apiKey] = await listApiKeys(seen.viewer, apiKeyId);
    if (apiKey) return draw(seen, apiKey);
    sayStatus(404);
    return <NotFound />;
  });
}

function draw({ person, viewer, organizationId, zone, parameters }: Seen, apiKey: ApiKeySummary) {
  const message = messageOf(parameters, messages);
  const seen = { apiKey, organizationId, zone: zone.name, nowMs: Date.now() };
  const canManage = viewer.may("manageKeys");
  return (
    <SettingsFrame
      person={person}
      zone={zone}
      organizationId={organizationId}
      page="api-keys"
      title={apiKey.name}
      path={settingsAddress("api-keys", organizationId, { below: apiKey.id })}
    >
      {message ? (
        <Notice look="danger">{message}</Notice>
      ) : (
        <Done word={parameters.done} sentences={{ renamed: "The key has its new name." }} />
      )}
      <KeyDetails {...seen} />
      {apiKey.state === "rotating" && <Replaced {...seen} canManage={canManage} />}
      {canManage && isUsable(apiKey) && (
        <>
          {apiKey.state !== "rotating" && <Rotate {...seen} />}
          <Rename {...seen} />
          <Revoke {...seen} />
        </>
      )}
    </SettingsFrame>
  );
}
