import { demoEmail, demoOrganizationId } from "../demo";

/**
 * What a person wants to know when the server is up.
 *
 * @param address where it answers.
 * @param demo the demo's secrets, when there is a demo.
 */
export function banner(address: string, demo?: { apiKey: string; password: string }): string {
  const lines = [`Batch Jobs is up: ${address}`];
  if (demo) {
    lines.push(
      "",
      "Demo login",
      `  email     ${demoEmail}`,
      `  password  ${demo.password}`,
      "",
      "Ask with the demo API key",
      `  curl "${address}/batch/jobs?organizationId=${demoOrganizationId}" -H "Authorization: Bearer ${demo.apiKey}"`,
    );
  }
  return `\n${[...lines, "", "Stop with Ctrl-C."].join("\n")}\n`;
}
