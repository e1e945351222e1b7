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

type Form = Record<string, string>;

interface FormHandler<S extends z.ZodObject> {
  /** A sentence for a failure on our side. */
  failure: string;
  /** The form's page, to return to with an error: of the organization, and the API key, that the form names. */
  page: SettingsPage;
  /** The fields that are filled in again there. */
  draft?: string[];
  fields: S;
}

interface FormRequest<S extends z.ZodObject> {
  person: Person;
  fields: z.infer<S>;
  /** Unchecked. */
  form: Form;
  request: Request;
}

const addressOf = (page: SettingsPage) => (form: Form) =>
  settingsAddress(page, form.organizationId, { below: form.apiKeyId });

const signedOut = new HttpError(401, "signed_out", "You’re no longer signed in. Sign in again");

/**
 * Handles a form about the person themselves: session, origin and fields are checked, in that order.
 *
 * @param handler with `must`: throws where the person may not do this.
 * @throws HttpError 401, 403 by `must` or for a form of another site, 400 for a field.
 */
export function personFormHandler<S extends z.ZodObject>(
  { failure, page, draft = [], fields, must }: FormHandler<S> & { must?: (person: Person) => void },
  handle: (request: FormRequest<S>) => Promise<FormOutcome>,
) {
  const POST = formEndpoint(failure, addressOf(page), draft, async (request, form) => {
    const person = await findPerson();
    if (!person) throw signedOut;
    must?.(person);
    mustBeSameOrigin(request.headers);
    return handle({ person, fields: parseForm(fields, form), form, request });
  });
  return routeMethods({ POST });
}

/**
 * Handles a form about the organization that it names: session, permission, origin and fields are checked, in that
 * order.
 *
 * @param handler with the `permission` that the viewer needs.
 * @throws HttpError 401, 404 for a foreign organization, 403 by the role or for a form of another site, 400 for a field.
 */
export function organizationFormHandler<S extends z.ZodObject>(
  { failure, page, draft = [], fields, permission }: FormHandler<S> & { permission: Permission },
  handle: (request: FormRequest<S> & { viewer: Viewer }) => Promise<FormOutcome>,
) {
  const POST = formEndpoint(failure, addressOf(page), draft, async (request, form) => {
    const person = await findPerson();
    if (!person) throw signedOut;
    const viewer = await Viewer.fromPerson(person, form.organizationId ?? "");
    viewer.require(permission);
    mustBeSameOrigin(request.headers);
    return handle({ person, viewer, fields: parseForm(fields, form), form, request });
  });
  return routeMethods({ POST });
}
