import { environment } from "@/lib/environment";
import { buttonClass } from "../components/button";
import { MessagePage } from "../components/message-page";
import type { PageProps } from "../page-props";

/** Shown after a form was submitted at an address other than NEXTAUTH_URL (lib/http/form-endpoint.ts). */
export default async function WrongAddressPage({ searchParams }: PageProps) {
  const { NEXTAUTH_URL } = environment();
  const { path } = await searchParams;
  return (
    <MessagePage title="Wrong address">
      <p className="text-muted">
        Forms can only be submitted at {NEXTAUTH_URL}. Nothing was changed. Open the page there and try again.
      </p>
      <p>
        <a href={ownAddress(path, NEXTAUTH_URL)} className={buttonClass("primary")}>
          Go to {NEXTAUTH_URL}
        </a>
      </p>
    </MessagePage>
  );
}

/** The same page at the right address, or else the front page. */
function ownAddress(path: unknown, origin: string): string {
  const url = typeof path === "string" && URL.canParse(path, origin) ? new URL(path, origin) : undefined;
  return url?.origin === origin ? url.href : origin;
}
