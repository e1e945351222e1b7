import { type ApiKeySummary, isUsable, listApiKeys } from "@/lib/api-keys/list";
import { setStatus } from "@/lib/server/current-response";
import { messageOf } from "../../../components/form-message";
import { Notice } from "../../../components/notice";
import { SuccessMessage } from "../../../components/success-message";
import NotFound from "../../../not-found";
import type { PageProps } from "../../../page-props";
import { settingsAddress } from "../../address";
import { renderSettings, type SettingsContext } from "../../render-settings";
import { SettingsLayout } from "../../settings-frame";
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
  return renderSettings({ title: "API key", path }, searchParams, async (seen) => {
    const [apiKey] = await listApiKeys(seen.viewer, apiKeyId);
    if (apiKey) return draw(seen, apiKey);
    setStatus(404);
    return <NotFound />;
  });
}

function draw({ person, viewer, organizationId, zone, parameters }: SettingsContext, apiKey: ApiKeySummary) {
  const message = messageOf(parameters, messages);
  const seen = { apiKey, organizationId, zone: zone.name, nowMs: Date.now() };
  const canManage = viewer.may("manageKeys");
  return (
    <SettingsLayout
      person={person}
      zone={zone}
      organizationId={organizationId}
      page="api-keys"
      title={apiKey.name}
      path={settingsAddress("api-keys", organizationId, { below: apiKey.id })}
    >
      {message ? (
        <Notice variant="danger">{message}</Notice>
      ) : (
        <SuccessMessage word={parameters.done} sentences={{ renamed: "API key renamed." }} />
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
    </SettingsLayout>
  );
}
