/** Called by Next once, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { prepareServer } = await import("./lib/server/prepare");
  await prepareServer(async () => (await import("./app/api-routes")).apiRoutes);
}
