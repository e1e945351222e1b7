import { cookies } from "next/headers";
import { isUsable, listApiKeys } from "@/lib/api-keys/list";
import { quantity } from "@/lib/format/quantity";
import { flashSecretCookie, takeFlashSecret } from "@/lib/server/flash-secret";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { messageOf } from "../../components/form-message";
import { Notice } from "../../components/notice";
import { Section } from "../../components/section";
import { SuccessMessage } from "../../components/success-message";
import type { PageProps } from "../../page-props";
import { renderSettings, type SettingsContext } from "../render-settings";
import { SettingsLayout } from "../settings-frame";
import { ExpiryFields } from "./expiry-fields";
import { KeyList } from "./key-list";
import { messages } from "./messages";
import { NewKey } from "./new-key";
import { OldKey } from "./old-key";

const done = {
  created: "API key created.",
  rotated: "New API key created. Switch your programs to it.",
  revoked: "API key revoked.",
  ended: "The old key has been revoked.",
};

/** The keys with which programs read the organization's jobs. */
export default function ApiKeysPage({ searchParams }: PageProps) {
  return renderSettings({ title: "API keys", path: "/settings/api-keys" }, searchParams, draw);
}

async function draw({ person, viewer, organizationId, zone, parameters, kept }: SettingsContext) {
  const apiKeys = await listApiKeys(viewer);
  const sealed = (await cookies()).get(flashSecretCookie)?.value;
  const isShown = await takeFlashSecret(sealed, person, "/settings/api-keys", organizationId);
  const message = messageOf(parameters, messages);
  const [usable, over] = [apiKeys.filter(isUsable), apiKeys.filter((key) => !isUsable(key))];
  const isMade = parameters.done === "created" || parameters.done === "rotated";
  const replaced = parameters.done === "rotated" && apiKeys.find(({ id }) => id === parameters.old);
  const list = { organizationId, zone: zone.name, nowMs: Date.now() };
  return (
    <SettingsLayout person={person} zone={zone} organizationId={organizationId} page="api-keys">
      {message ? (
        <Notice variant="danger">{message}</Notice>
      ) : (
        <SuccessMessage word={parameters.done} sentences={done} />
      )}
      {replaced && <OldKey apiKey={replaced} zone={zone.name} nowMs={list.nowMs} />}
      {isShown ? (
        <NewKey organizationId={organizationId} />
      ) : (
        isMade && (
          <Notice>
            The key is shown only once. If you didn’t copy it, revoke it and create another one.
          </Notice>
        )
      )}
      <Section title="Active keys">
        <p className="text-muted">
          Programs use these keys to read this organization’s batch jobs.
          {!viewer.may("manageKeys") && " Only owners can create, rotate and revoke keys."}
        </p>
        {usable.length > 0 ? <KeyList apiKeys={usable} {...list} /> : <p>No keys yet.</p>}
        {over.length > 0 && (
          <details>
            <summary className="py-1 text-muted">{quantity(over.length, "expired or revoked key")}</summary>
            <div className="pt-3">
              <KeyList apiKeys={over} {...list} />
            </div>
          </details>
        )}
      </Section>
      {viewer.may("manageKeys") && (
        <Section title="Create an API key">
          <form action="/settings/api-keys/create" method="post" className="flex flex-col gap-4">
            <input type="hidden" name="organizationId" value={organizationId} />
            <Field
              label="Name"
              name="name"
              defaultValue={kept.name}
              maxLength={50}
              autoComplete="off"
              hint="What the key is for, such as “Reporting, production”."
              required
            />
            <ExpiryFields kept={kept} />
            <Button type="submit" variant="primary" className="self-start">
              Create API key
            </Button>
          </form>
        </Section>
      )}
    </SettingsLayout>
  );
}
