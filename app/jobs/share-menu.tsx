import { apiAddress, fileAddress, type JobsQuery } from "@/lib/batch-jobs/address";
import { toolbarButtonClass } from "../components/button";
import { CopyButton } from "../components/copy-button";
import { DownloadIcon } from "../components/icons";
import { Menu, MenuHeading, menuItemClass } from "../components/menu";
import { curlCommand } from "./curl-command";
import { healthLabels } from "./status-filter";

const curlId = "jobs-curl";

/** The list as a file, and as a request to the API. */
export function ShareMenu({ query }: { query: JobsQuery }) {
  const { problem } = query;
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
      <MenuHeading>All jobs of this list, not only this page</MenuHeading>
      <a href={fileAddress(query)} className={menuItemClass}>
        Download CSV
      </a>
      <a href={fileAddress(query, { bom: true })} className={menuItemClass}>
        Download CSV for Excel
      </a>
      <hr className="my-1.5 border-line" />
      <MenuHeading>Copy as curl</MenuHeading>
      {problem ? (
        <p className="px-2.5 pb-2 text-muted">
          The API has no filter for {healthLabels[problem]} jobs. Its parameter{" "}
          <code className="font-mono">include=health</code> tells which jobs are.
        </p>
      ) : (
        <div className="flex flex-col gap-2 px-2.5 pb-2">
          <pre className="rounded-md border border-line bg-raised p-2.5 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere select-all">
            <code id={curlId}>{curlCommand(apiAddress(query))}</code>
          </pre>
          <CopyButton of={curlId} label="as curl" />
        </div>
      )}
    </Menu>
  );
}
