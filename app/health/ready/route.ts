import { readiness } from "@/lib/health";
import { endpoint, json } from "@/lib/http/endpoint";
import { allow } from "@/lib/http/methods";

/** Whether a load balancer should send requests here: 200, or 503 with the reason. */
export const GET = endpoint("Failed to answer", async () => {
  const status = await readiness();
  return json({ status }, { "Cache-Control": "no-store" }, status === "ready" ? 200 : 503);
});

const { options: OPTIONS, notAllowed } = allow("GET", "HEAD", "OPTIONS");

export { notAllowed as DELETE, notAllowed as PATCH, notAllowed as POST, notAllowed as PUT, OPTIONS };
export const dynamic = "force-dynamic";
