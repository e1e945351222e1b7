import { useId } from "react";
import { customRange, type JobsQuery, jobsAddress } from "@/lib/batch-jobs/address";
import { type Choice, type Choices, choicesMax } from "@/lib/batch-jobs/choices";
import { type Bound, bounds, datePresets, localBound, type RangeName } from "@/lib/batch-jobs/date-ranges";
import { rangeNames } from "@/lib/batch-jobs/schema";
import { activeStatuses, batchJobStatuses } from "@/lib/batch-jobs/status";
import { Button, toolbarButtonClass } from "../components/button";
import { FilterIcon } from "../components/icons";
import { Menu } from "../components/menu";
import { StatusIcon, statusLabel } from "../components/status-badge";
import { presetLabels, rangeLabel } from "./filter-chips";
import { HiddenFields } from "./search-box";

const row = "grid grid-cols-[5.5rem_1fr] items-center";
const input =
  "h-9 w-full min-w-0 rounded-md border border-edge bg-surface px-2 text-base text-ink sm:text-sm";

/** All filters but the search, as a form. @param props with the number of active filters. */
export function FilterMenu(props: { query: JobsQuery; timeZone: string; choices: Choices; count: number }) {
  const { query, timeZone, choices, count } = props;
  const { organizationId, q, sort, pageSize, problem, updatedSince } = query;
  return (
    <Menu
      button={
        <>
          <FilterIcon />
          Filter
          {count > 0 && (
            <span className="rounded bg-raised px-1.5 text-xs tabular-nums">
              {count} <span className="sr-only">active</span>
            </span>
          )}
        </>
      }
      buttonClass={toolbarButtonClass}
      panelClass="toolbar-panel sm:w-88"
    >
      {/* Another list has another form, with its own values. */}
      <form
        key={jobsAddress(query)}
        action="/jobs"
        method="get"
        autoComplete="off"
        className="flex flex-col gap-3 p-2.5"
      >
        <HiddenFields query={{ organizationId, q, sort, pageSize, problem, updatedSince }} />
        <fieldset>
          <legend className="mb-1 text-xs text-faint">Status</legend>
          <div className="grid grid-cols-2">
            {(sort === "now" ? activeStatuses : batchJobStatuses).map((status) => (
              <label key={status} className="flex min-h-8 items-center gap-2">
                <input
                  type="checkbox"
                  name="status"
                  value={status}
                  defaultChecked={query.status.includes(status)}
                  className="size-4"
                />
                <StatusIcon status={status} />
                {statusLabel(status)}
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1 text-xs text-faint">Dates ({timeZone.replaceAll("_", " ")})</legend>
          {rangeNames.map((name) => (
            <DateRange key={name} name={name} query={query} timeZone={timeZone} />
          ))}
        </fieldset>
        <div className="flex flex-col gap-1.5">
          <ChoiceField label="Agent" name="agentId" value={query.agentId} choices={choices.agents} />
          <ChoiceField
            label="Number"
            name="fromPhoneNumberId"
            value={query.fromPhoneNumberId}
            choices={choices.phoneNumbers}
          />
        </div>
        {/* In sight however high the window is. */}
        <div className="sticky -bottom-1.5 -mb-4 flex flex-col bg-surface pt-1 pb-4">
          <Button type="submit" name="form" value="filter" variant="primary">
            Apply filters
          </Button>
        </div>
      </form>
    </Menu>
  );
}

/** A choice of days, or two fields for others, which appear with the choice. */
function DateRange({ name, query, timeZone }: { name: RangeName; query: JobsQuery; timeZone: string }) {
  const label = rangeLabel(name);
  const id = useId();
  const values = bounds.map((bound) => {
    const value = query[name] ? undefined : query[`${name}${bound}`];
    return value && localBound(value, bound, timeZone);
  });
  const chosen = query[name] ?? (values.some(Boolean) ? customRange : "");
  // A time of the day is kept where an address has one.
  const hasTime = values.some((value) => value?.includes("T"));
  const field = (bound: Bound, at: number) => (
    <label key={bound} className="flex min-w-0 flex-col gap-0.5 text-xs text-muted">
      {bound}
      <input
        type={values[at]?.includes("T") ? "datetime-local" : "date"}
        step={values[at]?.includes("T") ? 1 : undefined}
        name={`${name}${bound}`}
        defaultValue={values[at]}
        aria-label={`${label}: ${bound.toLowerCase()}`}
        className={input}
      />
    </label>
  );
  return (
    <div className="group">
      <div className={row}>
        <label htmlFor={id}>{label}</label>
        <select id={id} name={name} defaultValue={chosen} className={input}>
          <option value="">Any time</option>
          {datePresets.map((preset) => (
            <option key={preset} value={preset}>
              {presetLabels[preset]}
            </option>
          ))}
          <option value={customRange}>Custom range…</option>
        </select>
      </div>
      <div
        className={`mt-1.5 hidden gap-2 group-has-[option[value=custom]:checked]:grid ${hasTime ? "" : "grid-cols-2"}`}
      >
        {bounds.map(field)}
      </div>
    </div>
  );
}

/** A list of the organization's own values, or a field where these are too many. */
function ChoiceField(props: { label: string; name: string; value?: string; choices: Choice[] }) {
  const { label, name, value, choices } = props;
  const id = useId();
  const isKnown = value === undefined || choices.some(({ id }) => id === value);
  const all = isKnown ? choices : [{ id: value }, ...choices];
  return (
    <div className={row}>
      <label htmlFor={id}>{label}</label>
      {choices.length > choicesMax ? (
        <input
          id={id}
          type="text"
          name={name}
          defaultValue={value}
          maxLength={128}
          placeholder={`ID of the ${label.toLowerCase()}`}
          spellCheck={false}
          autoCapitalize="none"
          className={input}
        />
      ) : (
        <select id={id} name={name} defaultValue={value ?? ""} className={input}>
          <option value="">Any</option>
          {all.map((choice) => (
            <option key={choice.id} value={choice.id}>
              {choice.label ? `${choice.label} (${choice.id})` : choice.id}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
