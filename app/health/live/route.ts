import { endpoint, json } from "@/lib/http/endpoint";
import { allow } from "@/lib/http/methods";

/** Whether this process answers at all. Asks nobody: a database that is away is no reason to restart it. */
export const GET = endpoint("Failed to answer", () =>
  json({ status: "live" }, { "Cache-Control": "no-store" }),
);

const { options: OPTIONS, notAllowed } = allow("GET", "HEAD", "OPTIONS");

export { notAllowed as DELETE, notAllowed as PATCH, notAllowed as POST, notAllowed as PUT, OPTIONS };
export const dynamic = "force-dynamic";
