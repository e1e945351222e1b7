/** Whether this process answers at all. Asks nobody: a database that is away is no reason to restart it. */
export function GET(): Response {
  return Response.json({ status: "live" }, { headers: { "Cache-Control": "no-store" } });
}

export const dynamic = "force-dynamic";
