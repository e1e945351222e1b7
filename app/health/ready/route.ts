import { readiness } from "@/lib/health";
import { endpoint, json } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";

/** Whether a load balancer should send requests here: 200, or 503 with the reason. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to handle the request", async () => {
    const status = await readiness();
    return json({ status }, { "Cache-Control": "no-store" }, status === "ready" ? 200 : 503);
  }),
});
export const dynamic = "force-dynamic";
