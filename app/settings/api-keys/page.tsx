import { cookies } from "next/headers";
import { isUsable, listApiKeys } from "@/lib/api-keys/list";
import { quantity } from "@/lib/format/quantity";
import { listOutboundNumbers } from "@/lib/phone-numbers/list";
import { flashSecretCookie, takeFlashSecret } from "@/lib/server/flash-secret";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { errorProps, FormResult } from "../../components/form-result";
import { Notice } from "../../components/notice";
import { Section } from "../../components/section";
import type { PageProps } from "../../page-props";
import { renderSettings, type SettingsContext } from "../render-settings";
import { SettingsLayout } from "../settings-layout";
import { errors } from "./errors";
import { ExpiryFields } from "./expiry-fields";
import { KeyList } from "./key-list";
import { NewKey, RotatedKey } from "./new-key";
import { ScopeFields } from "./scopes";

const done = {
  created: "API key created.",
  rotated: "New API key created. Switch your programs to the new key.",
  revoked: "API key revoked.",
  ended: "The old key has been revoked.",
};

export default function ApiKeysPage({ searchParams }: PageProps) {
  return renderSettings({ title: "API keys", path: "/settings/api-keys" }, searchParams, render);
}

async function render({ person, viewer, organizationId, zone, parameters, draft }: SettingsContext) {
  const apiKeys = await listApiKeys(viewer);
  const sealedSecret = (await cookies()).get(flashSecretCookie)?.value;
  const isShown = await takeFlashSecret(sealedSecret, person, "/settings/api-keys", organizationId);
  const [usable, ended] = [apiKeys.filter(isUsable), apiKeys.filter((key) => !isUsable(key))];
  const [newest] = apiKeys.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const isCreated = parameters.done === "created" || parameters.done === "rotated";
  const rotatedKey = parameters.done === "rotated" && apiKeys.find(({ id }) => id === parameters.old);
  const propsOf = errorProps(parameters, errors);
  const list = { organizationId, zone: zone.name, nowMs: Date.now() };
  return (
    <SettingsLayout person={person} zone={zone} organizationId={organizationId} page="api-keys">
      <FormResult parameters={parameters} errors={errors} done={done} />
      {rotatedKey && <RotatedKey apiKey={rotatedKey} zone={zone.name} nowMs={list.nowMs} />}
      {isShown ? (
        <NewKey
          organizationId={organizationId}
          scopes={newest?.scopes ?? []}
          phoneNumberId={(await listOutboundNumbers(viewer))[0]?.id}
        />
      ) : (
        isCreated && (
          <Notice>
            The key is shown only once. If you didn’t copy it, revoke it and create another one.
          </Notice>
        )
      )}
      <Section title="Active keys">
        <p className="text-muted">
          Programs use API keys to work with this organization’s batch jobs. Each key allows only what its
          scopes say.
          {!viewer.may("manageKeys") && " Only owners can create, rotate and revoke keys."}
        </p>
        {usable.length > 0 ? <KeyList apiKeys={usable} {...list} /> : <p>No API keys yet.</p>}
        {ended.length > 0 && (
          <details>
            <summary className="py-1 text-muted">{quantity(ended.length, "expired or revoked key")}</summary>
            <div className="pt-3">
              <KeyList apiKeys={ended} {...list} />
            </div>
          </details>
        )}
      </Section>
      {viewer.may("manageKeys") && (
        <Section title="Create API key">
          <form action="/settings/api-keys/create" method="post" className="flex flex-col gap-4">
            <input type="hidden" name="organizationId" value={organizationId} />
            <Field
              label="Name"
              name="name"
              defaultValue={draft.name}
              maxLength={50}
              autoComplete="off"
              hint="What the key is for, such as “Reporting, production”."
              required
              {...propsOf("name")}
            />
            <ScopeFields draft={draft} />
            <ExpiryFields draft={draft} propsOf={propsOf} />
            <Button type="submit" variant="primary" className="self-start">
              Create API key
            </Button>
          </form>
        </Section>
      )}
    </SettingsLayout>
  );
}
