import { type ApiKeySummary, isUsable, listApiKeys } from "@/lib/api-keys/list";
import { setStatus } from "@/lib/server/current-response";
import { errorProps, FormResult } from "../../../components/form-result";
import NotFound from "../../../not-found";
import type { PageProps } from "../../../page-props";
import { settingsAddress } from "../../address";
import { renderSettings, type SettingsContext } from "../../render-settings";
import { SettingsLayout } from "../../settings-layout";
import { errors } from "../errors";
import { Rename, Revoke, Rotate, Rotation } from "./actions";
import { KeyDetails } from "./details";

interface ApiKeyPageProps extends PageProps {
  params: Promise<{ apiKeyId: string }>;
}

export default async function ApiKeyPage({ params, searchParams }: ApiKeyPageProps) {
  const { apiKeyId } = await params;
  const path = settingsAddress("api-keys", undefined, { below: apiKeyId });
  return renderSettings({ title: "API key", path }, searchParams, async (context) => {
    const [apiKey] = await listApiKeys(context.viewer, apiKeyId);
    if (apiKey) return render(context, apiKey);
    setStatus(404);
    return <NotFound />;
  });
}

function render(
  { person, viewer, organizationId, zone, parameters }: SettingsContext,
  apiKey: ApiKeySummary,
) {
  const propsOf = errorProps(parameters, errors, { name_mismatch: "confirmedName" });
  const context = { apiKey, organizationId, zone: zone.name, nowMs: Date.now(), propsOf };
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
      <FormResult parameters={parameters} errors={errors} done={{ renamed: "API key renamed." }} />
      <KeyDetails {...context} />
      {apiKey.state === "rotating" && <Rotation {...context} canManage={canManage} />}
      {canManage && isUsable(apiKey) && (
        <>
          {apiKey.state !== "rotating" && <Rotate {...context} />}
          <Rename {...context} />
          <Revoke {...context} />
        </>
      )}
    </SettingsLayout>
  );
}
