import { randomUUID } from "node:crypto";
import { useId } from "react";
import type { z } from "zod";
import { NewBatchJob } from "@/lib/batch-jobs/schema";
import type { PhoneNumber } from "@/lib/phone-numbers/list";
import { Button } from "../components/button";
import { Field, FieldError, SelectField, TextareaField } from "../components/field";
import type { ErrorProps } from "../components/form-result";
import { LocalTimeFields } from "../components/local-time-fields";
import { Section } from "../components/section";
import { textLinkClass } from "../components/text-link";
import { settingsAddress } from "../settings/address";
import { AboveLimit } from "./above-limit";
import { ContactsFile } from "./contacts-file";

const { shape } = NewBatchJob;
const lengthMaxOf = (schema: z.ZodType) => Number(schema.meta()?.maxLength);
const boundsOf = (field: typeof shape.maxAttempts) => ({
  min: field.unwrap().minValue ?? undefined,
  max: field.unwrap().maxValue ?? undefined,
});

interface NewJobFormProps {
  organizationId: string;
  /** Those with an agent. */
  phoneNumbers: PhoneNumber[];
  /** The organization's limit of concurrent calls. */
  callLimit: number;
  /** The person's time zone. */
  zone: string;
  /** The input of a form that was refused, and what is wrong with it. */
  draft: Record<string, string>;
  problems: Record<string, string>;
}

/** The file is last, so that the other fields are read even if it is too large. */
export function NewJobForm(props: NewJobFormProps) {
  const { organizationId, phoneNumbers, callLimit, zone, draft, problems } = props;
  const [firstWrong] = Object.keys(problems);
  const propsOf: ErrorProps = (field) => ({
    error: problems[field],
    autoFocus: field === firstWrong || undefined,
  });
  const concurrentCalls = draft.concurrentCallLimit ?? shape.concurrentCallLimit.parse(undefined);
  const [only] = phoneNumbers.length === 1 ? phoneNumbers : [];
  return (
    <form
      action={`/new-job/create?${new URLSearchParams({ organizationId })}`}
      method="post"
      encType="multipart/form-data"
      className="group/job flex flex-col gap-5"
    >
      {/* Firefox would fill in the token of the page before. */}
      <input type="hidden" name="token" value={randomUUID()} autoComplete="off" />
      <Section title="Job">
        <Field
          label="Name"
          name="name"
          defaultValue={draft.name}
          maxLength={lengthMaxOf(shape.name)}
          autoComplete="off"
          required
          {...propsOf("name")}
        />
        <TextareaField
          label="Description (optional)"
          name="description"
          defaultValue={draft.description}
          maxLength={lengthMaxOf(shape.description.unwrap().unwrap())}
          rows={2}
          {...propsOf("description")}
        />
      </Section>
      <Section title="Calls">
        <SelectField
          label="Phone number to call from"
          name="fromPhoneNumberId"
          defaultValue={draft.fromPhoneNumberId ?? only?.id ?? ""}
          hint={
            <>
              Only numbers with an agent are listed.{" "}
              <a href={settingsAddress("phone-numbers", organizationId)} className={textLinkClass}>
                Manage phone numbers
              </a>
            </>
          }
          required
          {...propsOf("fromPhoneNumberId")}
        >
          {!only && <option value="">Choose a phone number</option>}
          {phoneNumbers.map(({ id, phoneNumber, label }) => (
            <option key={id} value={id}>
              {[phoneNumber, label, id].filter(Boolean).join(" · ")}
            </option>
          ))}
        </SelectField>
        <Start zone={zone} draft={draft} propsOf={propsOf} />
        <Field
          label="Maximum attempts"
          name="maxAttempts"
          type="number"
          {...boundsOf(shape.maxAttempts)}
          defaultValue={draft.maxAttempts ?? shape.maxAttempts.parse(undefined)}
          hint="How many times to call each contact. Contacts are called again after no answer, busy or a timeout."
          required
          {...propsOf("maxAttempts")}
        />
        <AboveLimit given={Number(concurrentCalls)} limit={callLimit}>
          <Field
            label="Concurrent call limit"
            name="concurrentCallLimit"
            type="number"
            {...boundsOf(shape.concurrentCallLimit)}
            defaultValue={concurrentCalls}
            hint={`Maximum calls of this job at the same time. The organization’s limit for all jobs is ${callLimit}.`}
            required
            {...propsOf("concurrentCallLimit")}
          />
        </AboveLimit>
      </Section>
      <Section title="Contacts">
        <ContactsFile {...propsOf("file")} />
      </Section>
      {/* CSS shows it, so this works without JavaScript. */}
      <p className="hidden text-muted group-has-[input[value=now]:checked]/job:block">
        Calls begin as soon as a dialer asks for them, even if rows of the file are skipped. To check the
        contacts first, choose <em>Later</em>, and start the job from its page.
      </p>
      <Button type="submit" variant="primary" className="self-start">
        Create batch job
      </Button>
    </form>
  );
}

/** When dialers get the contacts. CSS shows the time's fields when they count, so this works without JavaScript. */
function Start(props: { zone: string; draft: Record<string, string>; propsOf: ErrorProps }) {
  const { zone, draft, propsOf } = props;
  const { error, autoFocus } = propsOf("start");
  const errorId = useId();
  const choice = (value: string, text: string, isFirst = false) => (
    <label className="flex min-h-6 items-center gap-2">
      <input
        type="radio"
        name="start"
        value={value}
        defaultChecked={(draft.start ?? "now") === value}
        required
        {...(isFirst && { autoFocus })}
        className="size-4 shrink-0 accent-accent"
      />
      {text}
    </label>
  );
  return (
    <fieldset
      aria-describedby={error === undefined ? undefined : errorId}
      className="group flex min-w-0 flex-col gap-2"
    >
      <legend className="mb-1.5 font-medium">Start</legend>
      {choice("now", "Now: contacts are called as soon as a dialer asks for calls", true)}
      {choice("later", "Later, at a date and time")}
      {error !== undefined && <FieldError id={errorId}>{error}</FieldError>}
      <div className="hidden pl-6 group-has-[input[value=later]:checked]:block">
        <LocalTimeFields values={draft} zone={zone} isRequired={false} propsOf={propsOf} />
      </div>
    </fieldset>
  );
}
