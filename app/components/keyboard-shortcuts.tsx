"use client";

import { useEffect, useRef, useState } from "react";
import { readStored, store } from "./browser-storage";
import { Button } from "./button";

const offKey = "batch-jobs.shortcuts-off";

const shortcuts = [
  ["/", "Search"],
  ["j", "Next page"],
  ["k", "Previous page"],
  ["c", "Copy the job’s ID"],
  ["w", "Watch the job"],
  ["?", "Show these shortcuts"],
] as const;

const areOff = () => readStored(offKey) !== null;
const turn = (on: boolean) => store(offKey, on ? null : "");

/** Whether someone types, or has a dialog or menu open. */
function isBusy({ target }: KeyboardEvent): boolean {
  const isField =
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
  return isField || document.querySelector("dialog[open], :popover-open") !== null;
}

/** What has the key, first in the row in focus, then on the page outside of rows. */
function findTarget(key: string): HTMLElement | undefined {
  if (key === "/") return document.querySelector<HTMLElement>("main input[name=q]") ?? undefined;
  const row = document.activeElement?.closest("tr");
  const all = [...document.querySelectorAll<HTMLElement>(`[aria-keyshortcuts="${CSS.escape(key)}"]`)];
  return all.find((one) => row?.contains(one)) ?? all.find((one) => !one.closest("tr"));
}

/** A button that shows the keyboard shortcuts, which can be turned off there (WCAG 2.2, 2.1.4), and the shortcuts. */
export function KeyboardShortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOn, setIsOn] = useState(true);

  function open() {
    setIsOn(!areOff());
    dialog.current?.showModal();
  }

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, isComposing, repeat, defaultPrevented } = event;
      if (ctrlKey || metaKey || altKey || isComposing || repeat || defaultPrevented) return;
      const search = findTarget("/");
      if (key === "Escape" && search && search === event.target) {
        // Leaves the search without emptying it, as browsers do.
        event.preventDefault();
        search.blur();
      }
      if (!shortcuts.some(([one]) => one === key) || areOff() || isBusy(event)) return;
      const target = findTarget(key);
      if (!target) return;
      // The key would be typed into the search box.
      event.preventDefault();
      if (target instanceof HTMLInputElement) target.select();
      else target.click();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);

  return (
    <>
      <button
        type="button"
        onClick={open}
        aria-label="Keyboard shortcuts"
        aria-keyshortcuts="?"
        title="Keyboard shortcuts (?)"
        className="size-9 rounded-md text-muted hover:bg-raised hover:text-ink narrow:hidden noscript:hidden"
      >
        <kbd className="rounded border border-line px-1.5 py-0.5 font-sans text-xs">?</kbd>
      </button>
      <dialog
        ref={dialog}
        aria-labelledby="shortcuts-title"
        className="m-auto w-104 max-w-[calc(100vw-2rem)] rounded-lg border border-line bg-surface p-5 text-ink shadow-lg backdrop:bg-[#0008]"
      >
        <h2 id="shortcuts-title" className="mb-3 text-base font-medium">
          Keyboard shortcuts
        </h2>
        <dl className="mb-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-2">
          {shortcuts.map(([key, meaning]) => (
            <div key={key} className="contents">
              <dt>
                <kbd className="inline-block min-w-7 rounded border border-edge bg-raised px-1.5 text-center font-mono text-xs leading-6">
                  {key}
                </kbd>
              </dt>
              <dd className={isOn ? "" : "text-faint"}>{meaning}</dd>
            </div>
          ))}
        </dl>
        <p className="mb-4 text-xs text-muted">
          On a list, <kbd className="font-mono">c</kbd> and <kbd className="font-mono">w</kbd> apply to the
          focused row.
        </p>
        <label className="mb-4 flex min-h-9 items-center gap-2.5">
          <input
            type="checkbox"
            checked={isOn}
            onChange={({ target }) => {
              setIsOn(target.checked);
              turn(target.checked);
            }}
            className="size-4"
          />
          Use keyboard shortcuts in this browser
        </label>
        <form method="dialog">
          <Button type="submit">Close</Button>
        </form>
      </dialog>
    </>
  );
}
