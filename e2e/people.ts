import type { APIRequestContext, APIResponse } from "@playwright/test";
import { request as playwrightRequest } from "@playwright/test";
import type { TestUser } from "@/db/fixtures";
import { postSignIn } from "./fixtures";
import { addresses } from "./servers";

/** A client of the settings' doors, as one person, or as nobody. */
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

  /** Sends a form as a page of ours does, but asks for JSON. */
  post(
    door: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<APIResponse> {
    return this.request.post(door, {
      form: { ...form, json: "true" },
      headers: { Origin: this.address, ...headers },
    });
  }

  /** The status and code of the answer to a form: `200`, `403 managing_forbidden`. */
  async tell(
    door: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const response = await this.post(door, form, headers);
    const { code } = await response.json();
    return code === undefined ? String(response.status()) : `${response.status()} ${code}`;
  }
}
