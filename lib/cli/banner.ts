import { demoEmail } from "../demo/demo";
import { demoOrganizationId } from "../demo/jobs";

/**
 * What a person wants to know when the server is up.
 *
 * @param address that people open.
 * @param listeningOn `HOST:PORT`, that a reverse proxy passes on to.
 * @param demo the demo's secrets, when there is a demo.
 * @param setupCode when nobody has an account yet.
 */
export function banner(
  address: string,
  listeningOn: string,
  { demo, setupCode }: { demo?: { apiKey: string; password: string }; setupCode?: string },
): string {
  const lines = [`Batch Jobs is running: ${address} (listening on ${listeningOn})`];
  if (setupCode) {
    lines.push("", "No accounts yet. Create the first owner:");
    lines.push(`  page        ${address}/setup`, `  setup code  ${setupCode}`);
  }
  if (demo) {
    lines.push(
      "",
      "Demo login",
      `  email     ${demoEmail}`,
      `  password  ${demo.password}`,
      "",
      "Try the API with the demo key",
      `  curl "${address}/batch/jobs?organizationId=${demoOrganizationId}" -H "Authorization: Bearer ${demo.apiKey}"`,
    );
  }
  return `\n${[...lines, "", "Stop with Ctrl-C."].join("\n")}\n`;
}
