import { spawn } from "node:child_process";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";
import type { Call, Report } from "./dialer";

/**
 * Makes calls by a command, which gets the call as JSON on standard input and writes how it ended as JSON:
 * `{"status": "completed", "callDuration": 42}`.
 *
 * @throws Error when it exits with another status than 0, or writes no JSON.
 */
export function callByCommand(command: string) {
  return (call: Call): Promise<Report> =>
    new Promise((resolve, reject) => {
      const child = spawn(command, { shell: true, stdio: ["pipe", "pipe", "inherit"] });
      let output = "";
      child.stdout.on("data", (piece) => {
        output += piece;
      });
      // A command may end without reading.
      child.stdin.on("error", () => {});
      child.stdin.end(JSON.stringify(call));
      child.once("error", reject);
      child.once("close", (status) => {
        if (status === 0) resolve(parseReport(output));
        else reject(new Error(`The command ended with status ${status}`));
      });
    });
}

/**
 * Makes calls by a web service, which gets the call as JSON, and answers when the call has ended, as a command does.
 *
 * @throws Error for another status than 2xx, or an answer without JSON.
 */
export function callByUrl(url: string) {
  // fetch would give up after five minutes without an answer, while the call may go on.
  const send = new URL(url).protocol === "https:" ? requestHttps : requestHttp;
  return (call: Call): Promise<Report> =>
    new Promise((resolve, reject) => {
      const headers = { "Content-Type": "application/json" };
      const request = send(url, { method: "POST", headers }, (response) => {
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) {
          text(response).then(parseReport).then(resolve, reject);
          return;
        }
        response.resume();
        reject(new Error(`The service answered with status ${statusCode}`));
      });
      request.once("error", reject);
      request.end(JSON.stringify(call));
    });
}

function parseReport(json: string): Report {
  try {
    return JSON.parse(json);
  } catch {
    return { status: "failed", failureReason: "The call’s result is not JSON" };
  }
}
