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

type Form = Record<string, string>;

interface FormHandler<S extends z.ZodObject> {
  /** A sentence for a failure on our side. */
  failure: string;
  /** The page that the form stands on, to go back to when it is refused. */
  page: (form: Form) => string;
  /** The fields that need not be typed again then. */
  kept?: string[];
  fields: S;
}

interface FormRequest<S extends z.ZodObject> {
  person: Person;
  fields: z.infer<S>;
  /** All that came, unchecked. */
  form: Form;
  request: Request;
}

const signedOut = new HttpError(401, "signed_out", "You’re no longer signed in. Sign in again");

/**
 * Handles a form about the person themselves: session, origin and fields are checked, in that order.
 *
 * @param handler with `must`: what the person must be allowed to do, where not everybody is.
 * @throws HttpError 401, 403 by that or for a form of another site, 400 for a field.
 */
export function personFormHandler<S extends z.ZodObject>(
  { failure, page, kept = [], fields, must }: FormHandler<S> & { must?: (person: Person) => void },
  handle: (request: FormRequest<S>) => Promise<FormOutcome>,
) {
  const POST = formEndpoint(failure, page, kept, async (request, form) => {
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
 * @throws HttpError 401, 404 for a foreign organization, 403 by the role or for a form of another site, 400.
 */
export function organizationFormHandler<S extends z.ZodObject>(
  { failure, page, kept = [], fields, permission }: FormHandler<S> & { permission: Permission },
  handle: (request: FormRequest<S> & { viewer: Viewer }) => Promise<FormOutcome>,
) {
  const POST = formEndpoint(failure, page, kept, async (request, form) => {
    const person = await findPerson();
    if (!person) throw signedOut;
    const viewer = await Viewer.fromPerson(person, form.organizationId ?? "");
    viewer.require(permission);
    mustBeSameOrigin(request.headers);
    return handle({ person, viewer, fields: parseForm(fields, form), form, request });
  });
  return routeMethods({ POST });
}
