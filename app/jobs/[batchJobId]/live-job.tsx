"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { refreshCookie } from "../job-address";
import { LiveBar, liveLabels } from "../live-bar";
import { useRefresh } from "../use-refresh";

const labels = {
  ...liveLabels,
  finished: "This job has finished",
  noAccess: "You’re signed out, no longer a member, or the job was deleted.",
};

/** For what has no version, such as when a dialer was last seen. */
const renderEveryMs = 30_000;

/**
 * Asks whether anything has changed, and then has the server render the page again. What is open, selected or typed stays.
 *
 * @param props with `status`, the job's in words.
 */
export function LiveJob(props: {
  address: string;
  version: string;
  status: string;
  isFinished: boolean;
  asOf: string;
  asOfMs: number;
}) {
  const { address, version, status, isFinished, asOf, asOfMs } = props;
  const router = useRouter();
  const [checkedMs, setCheckedMs] = useState(asOfMs);
  const lastMs = Math.max(asOfMs, checkedMs);
  const refresh = useRefresh<{ version: string; asOfMs: number }>({
    start: address,
    address,
    isFinished,
    asOfMs: lastMs,
    onAnswer(answer) {
      setCheckedMs(answer.asOfMs);
      const isChanged = answer.version !== version;
      if (isChanged || (!isFinished && answer.asOfMs - asOfMs >= renderEveryMs)) {
        // Next lets a refresh send no header, and this one must not keep the session alive.
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
        document.cookie = `${refreshCookie}=1; Path=${location.pathname}; Max-Age=2; SameSite=Strict`;
        router.refresh();
      }
      return isChanged;
    },
  });
  const isFailing = refresh.activity === "failing" || refresh.activity === "noAccess";
  return (
    <>
      <LiveBar asOf={asOf} asOfMs={lastMs} refresh={refresh} labels={labels} />
      <Announcement text={isFailing ? labels[refresh.activity] : status} />
    </>
  );
}

/** Says a text to screen readers when it changes. */
function Announcement({ text }: { text: string }) {
  const first = useRef(text);
  const [isChanged, setIsChanged] = useState(false);
  useEffect(() => {
    if (text !== first.current) setIsChanged(true);
  }, [text]);
  return (
    <p role="status" className="sr-only">
      {isChanged ? text : ""}
    </p>
  );
}
