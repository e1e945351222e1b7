import { environment } from "@/lib/environment";
import { buttonClass } from "../components/button";
import { MessagePage } from "../components/message-page";
import type { PageProps } from "../page-props";

/** Where a form leads that was sent from another address of this server than its own (lib/http/form-endpoint.ts). */
export default async function WrongAddressPage({ searchParams }: PageProps) {
  const { NEXTAUTH_URL } = environment();
  const { path } = await searchParams;
  return (
    <MessagePage title="This server has another address">
      <p className="text-muted">
        You can sign in and send forms only at {NEXTAUTH_URL}, so nothing was done. Open it there and try
        again.
      </p>
      <p>
        <a href={ownAddress(path, NEXTAUTH_URL)} className={buttonClass("primary")}>
          Go to {NEXTAUTH_URL}
        </a>
      </p>
    </MessagePage>
  );
}

/** The same page at the right address; the front page when there is none such. */
function ownAddress(path: unknown, origin: string): string {
  const url = typeof path === "string" && URL.canParse(path, origin) ? new URL(path, origin) : undefined;
  return url?.origin === origin ? url.href : origin;
}
