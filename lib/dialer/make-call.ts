import { spawn } from "node:child_process";
import { once } from "node:events";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";
import type { Call } from "./dialer";

/**
 * Makes calls by a command, which gets the call as JSON on standard input and writes how it ended as JSON:
 * `{"status": "completed", "callDuration": 42}`.
 *
 * @throws Error when it exits with another status than 0.
 */
export function callByCommand(command: string) {
  return async (call: Call): Promise<string> => {
    // In its own session, so that Ctrl-C reaches only the dialer, which lets it finish.
    const child = spawn(command, { shell: true, detached: true, stdio: ["pipe", "pipe", "inherit"] });
    // A command may end without reading.
    child.stdin.on("error", () => {});
    child.stdin.end(JSON.stringify(call));
    const [output, [status, signal]] = await Promise.all([text(child.stdout), once(child, "close")]);
    if (status !== 0) throw new Error(`The command ended with ${signal ?? `status ${status}`}`);
    return output;
  };
}

/**
 * Makes calls by a web service, which gets the call as JSON, and answers when the call has ended, as a command does.
 *
 * @throws Error for another status than 2xx.
 */
export function callByUrl(url: string) {
  // fetch would give up after five minutes without an answer, while the call may go on.
  const send = new URL(url).protocol === "https:" ? requestHttps : requestHttp;
  return async (call: Call): Promise<string> => {
    const request = send(url, { method: "POST", headers: { "Content-Type": "application/json" } });
    // When it fails during the response, reading that fails.
    request.on("error", () => {});
    request.end(JSON.stringify(call));
    const [response] = await once(request, "response");
    const output = await text(response);
    if (!/^2/.test(response.statusCode)) {
      throw new Error(`The service answered with status ${response.statusCode}`);
    }
    return output;
  };
}
