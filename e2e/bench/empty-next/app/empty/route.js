const body = JSON.stringify("x".repeat(Number(process.env.BODY_BYTES) - 2));

/** The least that a route handler of Next can do: a body of the wanted size that is there already. */
export const dynamic = "force-dynamic";
export const GET = () => new Response(body, { headers: { "Content-Type": "application/json" } });
