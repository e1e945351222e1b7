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
  created: "The key is made.",
  rotated: "The new key is made. Give it to your programs.",
  revoked: "The key is revoked. It is refused from now on.",
  ended: "The old key has ended. It is refused from now on.",
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
          <Notice>It was shown once. If you have no copy of it, revoke it and make another one.</Notice>
        )
      )}
      <Section title="Keys in use">
        <p className="text-muted">
          Programs read this organization’s batch jobs with them, and nothing else.
          {!viewer.may("manageKeys") && " Owners of the organization make, rotate and revoke keys."}
        </p>
        {usable.length > 0 ? <KeyList apiKeys={usable} {...list} /> : <p>There is none.</p>}
        {over.length > 0 && (
          <details>
            <summary className="py-1 text-muted">
              {quantity(over.length, "key that is over", "keys that are over")}
            </summary>
            <div className="pt-3">
              <KeyList apiKeys={over} {...list} />
            </div>
          </details>
        )}
      </Section>
      {viewer.may("manageKeys") && (
        <Section title="Make a key">
          <form action="/settings/api-keys/create" method="post" className="flex flex-col gap-4">
            <input type="hidden" name="organizationId" value={organizationId} />
            <Field
              label="Name"
              name="name"
              defaultValue={kept.name}
              maxLength={50}
              autoComplete="off"
              hint="What it is for, such as “Reporting, production”."
              required
            />
            <ExpiryFields kept={kept} />
            <Button type="submit" variant="primary" className="self-start">
              Make the key
            </Button>
          </form>
        </Section>
      )}
    </SettingsLayout>
  );
}
