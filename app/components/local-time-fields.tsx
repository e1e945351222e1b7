import { useId } from "react";
import { allTimeZones } from "@/lib/format/time-zone";
import { Field, FieldError, SelectField } from "./field";
import type { ErrorProps } from "./form-result";

type Name = "date" | "time" | "timeZone";

/**
 * A date and time in a time zone.
 *
 * @param props with `zone`, the one to offer first; `isRequired` false where they may be hidden; `propsOf` for an input's error.
 */
export function LocalTimeFields(props: {
  values: Partial<Record<Name, string>>;
  zone: string;
  isRequired?: boolean;
  propsOf?: ErrorProps;
}) {
  const { values, zone, isRequired = true, propsOf = () => ({}) } = props;
  const zones = allTimeZones();
  const id = useId();
  const names: Name[] = ["date", "time", "timeZone"];
  // Below the row, which a sentence below one of its inputs would tear apart.
  const field = (name: Name) => ({ name, errorId: `${id}-${name}`, error: undefined, ...propsOf(name) });
  const input = (name: "date" | "time") => ({
    type: name,
    defaultValue: values[name],
    required: isRequired,
    ...field(name),
  });
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap gap-4">
        <Field label="Date" {...input("date")} />
        <Field label="Time" {...input("time")} />
        <SelectField label="Time zone" defaultValue={values.timeZone ?? zone} {...field("timeZone")}>
          {!zones.includes(zone) && <option>{zone}</option>}
          {zones.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
      </div>
      {names.map((name) => {
        const { error } = field(name);
        return (
          error !== undefined && (
            <FieldError key={name} id={`${id}-${name}`}>
              {error}
            </FieldError>
          )
        );
      })}
    </div>
  );
}
