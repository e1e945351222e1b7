import { readiness } from "@/lib/health";

/** Whether a load balancer should send requests here: 200, or 503 with the reason. */
export async function GET(): Promise<Response> {
  const status = await readiness();
  return Response.json(
    { status },
    { status: status === "ready" ? 200 : 503, headers: { "Cache-Control": "no-store" } },
  );
}

export const dynamic = "force-dynamic";
