import Link from "next/link";
import { type JobsQuery, jobsAddress } from "@/lib/batch-jobs/address";
import { type Sort, type SortField, sortFields } from "@/lib/batch-jobs/schema";
import { fieldOf } from "@/lib/batch-jobs/sorted-keys";
import { toolbarButtonClass } from "../components/button";
import { ArrowIcon, CheckIcon } from "../components/icons";
import { LinkPending } from "../components/link-pending";
import { Menu, menuItemClass } from "../components/menu";

/** As in the heads of columns and the filters. */
export const fieldLabels: Record<SortField, string> = {
  createdAt: "Created",
  name: "Name",
  scheduledStartTime: "Scheduled",
  actualStartTime: "Started",
  completedAt: "Ended",
  updatedAt: "Last change",
};

type Order = JobsQuery["sort"];

export const isDescending = (order: Order) => order.startsWith("-");

function describeDirection(sort: Sort): string {
  const [ascending, descending] = directions[fieldOf(sort)] ?? ["earliest first", "latest first"];
  return isDescending(sort) ? descending : ascending;
}

const directions: { [field in ReturnType<typeof fieldOf>]?: [ascending: string, descending: string] } = {
  name: ["A to Z", "Z to A"],
  createdAt: ["oldest first", "newest first"],
};

const capitalized = (text: string) => text.replace(/^./, (letter) => letter.toUpperCase());

const keys: Record<SortField, string | undefined> = {
  createdAt: undefined,
  name: "name",
  scheduledStartTime: "scheduled time",
  actualStartTime: "start",
  completedAt: "end",
  updatedAt: "last change",
};

/** `newest first`, `by name, A to Z` */
export function describeOrder(order: Order): string {
  const field = fieldOf(order);
  if (order === "now" || field === "now") return "running first, then by scheduled time";
  const key = keys[field];
  return (key ? `by ${key}, ` : "") + describeDirection(order);
}

const reversed = (sort: Sort) => sort.replace(/^-?/, isDescending(sort) ? "" : "-") as Sort;

/** Names begin with A, times with the latest. */
const firstSort = (field: SortField): Sort => (field === "name" ? field : `-${field}`);

/** A menu of the fields to sort by, and of both directions of the current one. */
export function SortMenu({ query }: { query: JobsQuery }) {
  const { sort } = query;
  const item = (to: Sort, text: string) => (
    <li key={text}>
      <a
        href={jobsAddress({ ...query, sort: to, page: 1 })}
        aria-current={to === sort ? "true" : undefined}
        className={menuItemClass}
      >
        {text}
        {to === sort && <CheckIcon />}
      </a>
    </li>
  );
  const bothDirections =
    sort === "now" ? [] : isDescending(sort) ? [sort, reversed(sort)] : [reversed(sort), sort];
  return (
    <Menu
      label={`Sort: ${describeOrder(sort)}`}
      button={
        <>
          Sort
          {sort !== "now" && <ArrowIcon isUp={!isDescending(sort)} />}
        </>
      }
      buttonClass={toolbarButtonClass}
      panelClass="toolbar-panel sm:w-64"
    >
      <ul>
        {sortFields.map((field) =>
          item(sort !== "now" && field === fieldOf(sort) ? sort : firstSort(field), fieldLabels[field]),
        )}
      </ul>
      {bothDirections.length > 0 && (
        <>
          <hr className="my-1.5 border-line" />
          <ul>{bothDirections.map((to) => item(to, capitalized(describeDirection(to))))}</ul>
        </>
      )}
    </Menu>
  );
}

/** Sorts by a column; again, in the other direction. Not where the head is only read aloud. */
export function SortLink(props: { query: JobsQuery; field: SortField; label: string }) {
  const { query, field, label } = props;
  const { sort } = query;
  const isCurrent = sort !== "now" && fieldOf(sort) === field;
  const to = isCurrent ? reversed(sort) : firstSort(field);
  return (
    <Link
      href={jobsAddress({ ...query, sort: to, page: 1 })}
      prefetch={false}
      scroll={false}
      title={`Sort ${describeOrder(to)}`}
      className="flex items-center gap-1 rounded-sm hover:text-ink narrow:hidden"
    >
      {label}
      {isCurrent && <ArrowIcon isUp={!isDescending(sort)} />}
      <LinkPending />
    </Link>
  );
}
