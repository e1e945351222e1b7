"use client";

import { type ReactNode, useState } from "react";

/** A number's field, with a remark while its number is above the organization's limit. */
export function AboveLimit(props: { given: number; limit: number; children: ReactNode }) {
  const { limit, children } = props;
  const [given, setGiven] = useState(props.given);
  return (
    <div
      className="flex flex-col gap-1.5"
      onInput={({ target }) => target instanceof HTMLInputElement && setGiven(target.valueAsNumber)}
    >
      {children}
      <p role="status" className="text-sm text-warn empty:hidden">
        {given > limit && `This is above the organization’s limit of ${limit}, which applies.`}
      </p>
    </div>
  );
}
