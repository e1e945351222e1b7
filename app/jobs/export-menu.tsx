import { apiAddress, fileAddress, type JobsQuery } from "@/lib/batch-jobs/address";
import { pageSizeMax } from "@/lib/batch-jobs/schema";
import { toolbarButtonClass } from "../components/button";
import { CopyButton } from "../components/copy-button";
import { DownloadIcon } from "../components/icons";
import { Menu, MenuHeading, menuItemClass } from "../components/menu";
import { curlCommand } from "./curl-command";

const curlId = "jobs-curl";

/** The list as a file, and as a request to the API. */
export function ExportMenu({ query }: { query: JobsQuery }) {
  return (
    <Menu
      button={
        <>
          <span className="max-sm:hidden">
            <DownloadIcon />
          </span>
          Export
        </>
      }
      buttonClass={toolbarButtonClass}
      panelClass="toolbar-panel sm:w-88"
    >
      <MenuHeading>All jobs in this list, not just this page</MenuHeading>
      <a href={fileAddress(query)} className={menuItemClass}>
        Download CSV
      </a>
      <a href={fileAddress(query, { bom: true })} className={menuItemClass}>
        Download CSV for Excel
      </a>
      <hr className="my-1.5 border-line" />
      <MenuHeading>Copy as curl</MenuHeading>
      {query.problem ? (
        <p className="px-2.5 pb-2 text-muted">
          The API can’t filter by health. Add <code className="font-mono">include=health</code> to get each
          job’s health.
        </p>
      ) : (
        <div className="flex flex-col gap-2 px-2.5 pb-2">
          <p className="text-muted">
            The first {pageSizeMax} jobs. For the next ones, set <code className="font-mono">cursor</code> to
            the response’s <code className="font-mono">nextCursor</code>.
          </p>
          <pre className="rounded-md border border-line bg-raised p-2.5 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere select-all">
            <code id={curlId}>{curlCommand(apiAddress(query))}</code>
          </pre>
          <CopyButton of={curlId} label="as curl" />
        </div>
      )}
    </Menu>
  );
}
