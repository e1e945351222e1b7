import { domainToASCII } from "node:url";
import { z } from "zod";
import { roles } from "../access/permissions";
import { name } from "../format/text";

const localPartPattern = /^[\p{L}\p{M}\p{N}_'+-]+(\.[\p{L}\p{M}\p{N}_'+-]+)*$/u;
const domainPattern =
  /^(localhost|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59}))$/;
/** Characters that domainToASCII, made for URLs, would decode, drop or take as the end. */
const invalidInDomain = /[\s\p{Cc}/\\?#%:@[\]]/u;

/**
 * The local part in lower case and Unicode's NFC (RFC 6532), the domain in ASCII (IDNA, as in browsers).
 *
 * @returns undefined for an invalid address.
 */
function normalizeEmail(given: string): string | undefined {
  const at = given.lastIndexOf("@");
  const localPart = given.slice(0, Math.max(at, 0)).normalize("NFC").toLowerCase().normalize("NFC");
  const domain = given.slice(at + 1);
  if (!localPartPattern.test(localPart) || invalidInDomain.test(domain)) return undefined;
  const asciiDomain = domainToASCII(domain);
  return domainPattern.test(asciiDomain) ? `${localPart}@${asciiDomain}` : undefined;
}

const emailLengthMax = 254;

/** Normalized, as it is stored. The bounds are those of db/migrations/0001. */
export const Email = z
  .string()
  .trim()
  .max(emailLengthMax, `must have ${emailLengthMax} characters at most`)
  .transform((given, context) => {
    const email = normalizeEmail(given);
    if (email !== undefined && email.length <= emailLengthMax) return email;
    context.addIssue({ code: "custom", message: "must be an address like name@example.com" });
    return z.NEVER;
  });

export const passwordLengthMin = 12;
/** Long enough for a passphrase, short enough to hash. */
export const passwordLengthMax = 200;
export const Password = z
  .string()
  .min(passwordLengthMin, `must have at least ${passwordLengthMin} characters`)
  .max(passwordLengthMax, `must have at most ${passwordLengthMax} characters`);

export const NewUser = z.object({
  email: Email,
  name: name(200).optional(),
  role: z.enum(roles, { error: `must be one of ${roles.join(", ")}` }),
  password: Password,
});
export type NewUser = z.infer<typeof NewUser>;

export const NameForm = z.object({ name: name(200).optional() });

export const PasswordForm = z.object({
  currentPassword: z
    .string({ error: "must be given" })
    .max(passwordLengthMax, `must have at most ${passwordLengthMax} characters`),
  newPassword: Password,
});
