import type { z } from "zod";
import type { Permission } from "@/lib/access/permissions";
import type { Person } from "@/lib/access/person";
import { Viewer } from "@/lib/access/viewer";
import { parseForm } from "@/lib/http/form-body";
import { type FormOutcome, formEndpoint } from "@/lib/http/form-endpoint";
import { HttpError } from "@/lib/http/http-error";
import { routeMethods } from "@/lib/http/methods";
import { mustBeSameOrigin } from "@/lib/http/same-origin";
import { findPerson } from "../signed-in";
import { type SettingsPage, settingsAddress } from "./address";

export type Form = Record<string, string>;

interface FormHandler<S extends z.ZodObject> {
  /** A sentence for a failure on our side. */
  failure: string;
  /**
   * The form's page, to return to with an error: one of the settings, of the organization, and the API key, that the form
   * names; or its path.
   */
  page: SettingsPage | ((form: Form) => string);
  /** The fields that are filled in again there. */
  draft?: string[];
  fields: S;
  /**
   * Whether the form has files: then its `fields` are those of its address, and the handler reads the body, which is not
   * read before.
   */
  isUpload?: boolean;
}

interface FormRequest<S extends z.ZodObject> {
  person: Person;
  fields: z.infer<S>;
  request: Request;
  /** As given. The draft is made of it, so an upload adds the fields of its body. */
  form: Form;
}

/** After success: back to the form's page of the settings with a message, or another path. */
type Outcome = FormOutcome | { done: string; below?: string; old?: string; setCookies?: string[] };

const readQuery = async (request: Request): Promise<Form> =>
  Object.fromEntries(new URL(request.url).searchParams);

/** @param authorize throws where the person may not do this. @returns what the handler gets beside the person. */
function formHandler<S extends z.ZodObject, A>(
  { failure, page, draft = [], fields, isUpload = false }: FormHandler<S>,
  authorize: (person: Person, form: Form) => Promise<A>,
  handle: (request: FormRequest<S> & A) => Promise<Outcome>,
) {
  const pageOf = (form: Form, more: Parameters<typeof settingsAddress>[2]) =>
    typeof page === "string" ? settingsAddress(page, form.organizationId, more) : page(form);
  const errorPage = (form: Form) => pageOf(form, { below: form.apiKeyId });
  const answer = async (request: Request, form: Form): Promise<FormOutcome> => {
    const person = await findPerson();
    if (!person) throw new HttpError(401, "signed_out", "You’re no longer signed in. Sign in again");
    const authorized = await authorize(person, form);
    mustBeSameOrigin(request.headers);
    const outcome = await handle({ person, fields: parseForm(fields, form), request, form, ...authorized });
    if ("path" in outcome) return outcome;
    return { path: pageOf(form, outcome), setCookies: outcome.setCookies };
  };
  const read = isUpload ? readQuery : undefined;
  return routeMethods({ POST: formEndpoint(failure, errorPage, draft, answer, read) });
}

/**
 * Handles a form about the person themselves: session, origin and fields are checked, in that order.
 *
 * @param handler with `must`: throws where the person may not do this.
 * @throws HttpError 401, 403 by `must` or for a form of another site, 400 for a field.
 */
export function personFormHandler<S extends z.ZodObject>(
  handler: FormHandler<S> & { must?: (person: Person) => void },
  handle: (request: FormRequest<S>) => Promise<Outcome>,
) {
  return formHandler(handler, async (person) => handler.must?.(person), handle);
}

/**
 * Handles a form about the organization that it names: session, permission, origin and fields are checked, in that
 * order.
 *
 * @param handler with the `permission` that the viewer needs.
 * @throws HttpError 401, 404 for a foreign organization, 403 by the role or for a form of another site, 400 for a field.
 */
export function organizationFormHandler<S extends z.ZodObject>(
  handler: FormHandler<S> & { permission: Permission },
  handle: (request: FormRequest<S> & { viewer: Viewer }) => Promise<Outcome>,
) {
  const authorize = async (person: Person, form: Form) => {
    const viewer = await Viewer.fromPerson(person, form.organizationId ?? "");
    viewer.require(handler.permission);
    return { viewer };
  };
  return formHandler(handler, authorize, handle);
}
