import type { APIRequestContext, APIResponse } from "@playwright/test";
import { request as playwrightRequest } from "@playwright/test";
import type { TestUser } from "@/db/fixtures";
import { postSignIn } from "./fixtures";
import { addresses } from "./servers";

/** A client that submits forms, signed in as a person or as nobody. */
export class Caller {
  private constructor(
    readonly request: APIRequestContext,
    readonly address: string,
  ) {}

  /** @param headers sent along with everything, as by a program with an API key. */
  static async as(
    user: TestUser | undefined,
    { address = addresses.main, headers = {} }: { address?: string; headers?: Record<string, string> } = {},
  ): Promise<Caller> {
    const request = await playwrightRequest.newContext({ baseURL: address, extraHTTPHeaders: headers });
    if (user) await postSignIn(request, user, address);
    return new Caller(request, address);
  }

  /** Submits a form as its page does, but asks for JSON. One with `file`, the text of a CSV file, is an upload. */
  post(
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<APIResponse> {
    const { file, organizationId = "", ...fields } = form;
    if (file !== undefined) {
      return this.request.post(`${path}?${new URLSearchParams({ organizationId, json: "true" })}`, {
        multipart: { ...fields, file: { name: "x.csv", mimeType: "text/csv", buffer: Buffer.from(file) } },
        headers: { Origin: this.address, ...headers },
      });
    }
    return this.request.post(path, {
      form: { ...form, json: "true" },
      headers: { Origin: this.address, ...headers },
    });
  }

  /** Submits a form. @returns the status and code of the response: `200`, `403 owners_only`. */
  async tell(
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const response = await this.post(path, form, headers);
    const { code } = await response.json();
    return code === undefined ? String(response.status()) : `${response.status()} ${code}`;
  }
}
