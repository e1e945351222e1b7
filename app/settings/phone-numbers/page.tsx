import { findCallLimit } from "@/lib/phone-numbers/call-limit";
import { listPhoneNumbers } from "@/lib/phone-numbers/list";
import { callLimitMax } from "@/lib/phone-numbers/schema";
import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { errorProps, FormResult, nameMessage } from "../../components/form-result";
import { Notice } from "../../components/notice";
import { Section } from "../../components/section";
import type { PageProps } from "../../page-props";
import { renderSettings, type SettingsContext } from "../render-settings";
import { SettingsLayout } from "../settings-layout";
import { AgentAndLabel, NumberList } from "./number-list";

const errors = {
  invalid_id: "The ID must be 1 to 128 characters of A-Z a-z 0-9 _ -.",
  invalid_phone_number: "Enter the phone number with its country code, like +12025550100.",
  invalid_agent_id: nameMessage("The agent ID", 128),
  invalid_label: nameMessage("The label", 200),
  phone_number_exists: "There is already a phone number with this ID.",
  phone_number_not_found: "Phone number not found. It may have been removed.",
  invalid_limit: `The limit must be a whole number from 1 to ${callLimitMax}.`,
};
const done = {
  added: "Phone number added.",
  changed: "Phone number changed. A new agent applies only to jobs created from now on.",
  removed: "Phone number removed.",
  limited: "Limit changed.",
};

export default function PhoneNumbersPage({ searchParams }: PageProps) {
  return renderSettings({ title: "Phone numbers", path: "/settings/phone-numbers" }, searchParams, render);
}

async function render({ person, viewer, organizationId, zone, parameters, draft }: SettingsContext) {
  const [phoneNumbers, limit] = await Promise.all([listPhoneNumbers(viewer), findCallLimit(viewer)]);
  const canManage = viewer.may("managePhoneNumbers");
  const propsOf = errorProps(parameters, errors, { phone_number_exists: "id" });
  // An error of a number that exists is not about the form that adds one.
  const propsOfNew = draft.phoneNumber || draft.id ? propsOf : () => ({});
  return (
    <SettingsLayout person={person} zone={zone} organizationId={organizationId} page="phone-numbers">
      <FormResult parameters={parameters} errors={errors} done={done} />
      {parameters.done === "added_without_agent" && (
        <Notice>
          Phone number added, but batch jobs can’t call from it yet: it has no agent. Set one under Edit.
        </Notice>
      )}
      <Section>
        <p className="text-muted">
          A batch job calls from one of these numbers. Pass the number’s ID as{" "}
          <code className="font-mono">fromPhoneNumberId</code>; the number’s agent makes the calls.
          {!canManage && " Only owners and admins can change them."}
        </p>
        {phoneNumbers.length > 0 ? (
          <NumberList phoneNumbers={phoneNumbers} organizationId={organizationId} canManage={canManage} />
        ) : (
          <p>No phone numbers yet. Batch jobs can’t be created without one.</p>
        )}
      </Section>
      {canManage && (
        <Section title="Add phone number">
          <form action="/settings/phone-numbers/create" method="post" className="flex flex-col gap-4">
            <input type="hidden" name="organizationId" value={organizationId} />
            <Field
              label="Phone number"
              name="phoneNumber"
              type="tel"
              defaultValue={draft.phoneNumber}
              autoComplete="off"
              hint="With its country code, like +12025550100."
              required
              {...propsOfNew("phoneNumber")}
            />
            <Field
              label="ID"
              name="id"
              defaultValue={draft.id}
              maxLength={128}
              pattern="[A-Za-z0-9_\-]+"
              title="letters, digits, _ and -"
              autoComplete="off"
              spellCheck={false}
              hint="The name your programs and dialers use for this number, like phone_sales. It can’t be changed later."
              required
              {...propsOfNew("id")}
            />
            <AgentAndLabel agentId={draft.agentId} label={draft.label} propsOf={propsOfNew} />
            <Button type="submit" variant="primary" className="self-start">
              Add phone number
            </Button>
          </form>
        </Section>
      )}
      <Section title="Concurrent calls">
        <p className="text-muted">
          How many calls this organization can have at once, across all its jobs. Each job also has its own
          limit.
        </p>
        {canManage ? (
          <form action="/settings/phone-numbers/set-limit" method="post" className="flex flex-col gap-4">
            <input type="hidden" name="organizationId" value={organizationId} />
            <Field
              label="Limit"
              name="limit"
              type="number"
              min={1}
              max={callLimitMax}
              defaultValue={draft.limit ?? limit}
              required
              {...propsOf("limit")}
            />
            <Button type="submit" className="self-start">
              Save limit
            </Button>
          </form>
        ) : (
          <p>{limit}</p>
        )}
      </Section>
    </SettingsLayout>
  );
}
