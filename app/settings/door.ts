import type { z } from "zod";
import { parseForm } from "@/lib/http/form-body";
import { type FormOutcome, formEndpoint } from "@/lib/http/form-endpoint";
import { mustBeSameOrigin } from "@/lib/http/same-origin";
import type { Person } from "@/lib/person";
import { Refusal } from "@/lib/refusal";
import { Viewer } from "@/lib/viewer";
import type { Permission } from "@/lib/viewer-kinds";
import { findPerson } from "../signed-in";

type Form = Record<string, string>;

interface Door<S extends z.ZodObject> {
  /** A sentence for a failure on our side. */
  failure: string;
  /** The page that the form stands on, to go back to when it is refused. */
  page: (form: Form) => string;
  /** The fields that need not be typed again then. */
  kept?: string[];
  fields: S;
}

interface Came<S extends z.ZodObject> {
  person: Person;
  fields: z.infer<S>;
  /** All that came, unchecked. */
  form: Form;
  request: Request;
}

const signedOut = new Refusal(401, "signed_out", "You are not signed in any more. Sign in again");

/**
 * A door for what a person does about themselves. Who comes is asked first, then from where, then with what.
 *
 * @param door with `must`: what the person must be allowed to do, where not everybody is.
 * @throws Refusal 401, 403 by that or for a form of another site, 400 for a field.
 */
export function personDoor<S extends z.ZodObject>(
  { failure, page, kept = [], fields, must }: Door<S> & { must?: (person: Person) => void },
  act: (came: Came<S>) => Promise<FormOutcome>,
) {
  return formEndpoint(failure, page, kept, async (request, form) => {
    const person = await findPerson();
    if (!person) throw signedOut;
    must?.(person);
    mustBeSameOrigin(request.headers);
    return act({ person, fields: parseForm(fields, form), form, request });
  });
}

/**
 * A door for what a person does about the organization that the form names: session, role, origin and fields, in
 * that order.
 *
 * @param door with the `permission` that the viewer needs.
 * @throws Refusal 401, 404 for a foreign organization, 403 by the role or for a form of another site, 400.
 */
export function organizationDoor<S extends z.ZodObject>(
  { failure, page, kept = [], fields, permission }: Door<S> & { permission: Permission },
  act: (came: Came<S> & { viewer: Viewer }) => Promise<FormOutcome>,
) {
  return formEndpoint(failure, page, kept, async (request, form) => {
    const person = await findPerson();
    if (!person) throw signedOut;
    const viewer = await Viewer.fromPerson(person, form.organizationId ?? "");
    viewer.require(permission);
    mustBeSameOrigin(request.headers);
    return act({ person, viewer, fields: parseForm(fields, form), form, request });
  });
}
