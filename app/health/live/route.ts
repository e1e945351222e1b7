import { endpoint, json } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";

/** Whether the process responds. Does not ask the database, whose outage is no reason to restart it. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to handle the request", () =>
    json({ status: "live" }, { "Cache-Control": "no-store" }),
  ),
});
export const dynamic = "force-dynamic";
