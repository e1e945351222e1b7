import { readiness } from "@/lib/health";
import { endpoint, json } from "@/lib/http/endpoint";
import { routeMethods } from "@/lib/http/methods";
import { runningVersion } from "@/lib/version";

/** Whether a load balancer should send requests here: 200, or 503 with the reason. With the version, to follow a rolling update. */
export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  GET: endpoint("Failed to handle the request", async () => {
    const status = await readiness();
    return json(
      { status, version: runningVersion() },
      { "Cache-Control": "no-store" },
      status === "ready" ? 200 : 503,
    );
  }),
});
export const dynamic = "force-dynamic";
