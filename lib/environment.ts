import { z } from "zod";
import { DatabaseUrlError, parseDatabaseUrl } from "@/db/database-url";

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

const howToGenerateSecret = "Generate one with: openssl rand -base64 32";

function isPublicUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(value);
  const isSafe = protocol === "https:" || (protocol === "http:" && loopbackHosts.includes(hostname));
  return isSafe && pathname === "/" && search === "" && hash === "";
}

function isRedisUrl(value: string): boolean {
  try {
    const { protocol, hostname, pathname, search, hash, username, password } = new URL(value);
    decodeURIComponent(username + password);
    const isDatabase = /^(\/\d{0,5})?$/.test(pathname) && search === "" && hash === "";
    return /^rediss?:$/.test(protocol) && hostname !== "" && isDatabase;
  } catch {
    return false;
  }
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

const onOrOff = z.enum(["on", "off"], "must be on or off");

/** All variables of this program. An empty value counts as absent. */
const Environment = z.object({
  DATABASE_URL: z
    .string({ error: "is missing. Set it to postgresql://user:password@host:5432/database" })
    .superRefine((value, context) => {
      try {
        parseDatabaseUrl(value);
      } catch (error) {
        if (!(error instanceof DatabaseUrlError)) throw error;
        context.addIssue({ code: "custom", message: error.message });
      }
    }),
  NEXTAUTH_URL: z
    .string({ error: "is missing. Set it to the public address, such as https://jobs.example.com" })
    .refine(isPublicUrl, "must be https://host without a path (http only for localhost)")
    .transform((value) => new URL(value).origin),
  NEXTAUTH_SECRET: z
    .string({ error: `is missing. ${howToGenerateSecret}` })
    .refine((value) => Buffer.byteLength(value) >= 32, `must have at least 32 bytes. ${howToGenerateSecret}`)
    .refine((value) => new Set(value).size >= 12, `is too easy to guess. ${howToGenerateSecret}`),
  HOST: z.string().default("127.0.0.1"),
  PORT: wholeNumber(1, 65_535).default(3_000),
  DATA_DIR: z.string().default(".data"),
  DEMO: onOrOff.default("on"),
  DATABASE_POOL_MAX: wholeNumber(1, 1_000).default(10),
  API_RATE_LIMIT_PER_MINUTE: wholeNumber(0, 1_000_000).default(0),
  REDIS_URL: z
    .string()
    .refine(
      isRedisUrl,
      "must look like redis://user:password@redis.example.com:6379/0, or rediss://… for TLS. Percent-encode special characters in the password",
    )
    .optional(),
  TRUSTED_PROXY_COUNT: wholeNumber(0, 10).default(0),
  COMPRESSION: onOrOff.default("on"),
  API_THROUGH_NEXT: onOrOff.default("off"),
  SMTP_URL: z
    .string()
    .refine(
      (value) => URL.canParse(value) && /^smtps?:$/.test(new URL(value).protocol),
      "must look like smtp://user:password@mail.example.com:587",
    )
    .optional(),
  MAIL_FROM: z.string().optional(),
  LOG_REQUESTS: z.enum(["off", "errors", "all"], { error: "must be off, errors or all" }).default("errors"),
  METRICS_PORT: wholeNumber(1, 65_535).optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[!-~]{16,}$/, "must have at least 16 characters, all of them visible ASCII")
    .optional(),
  BATCH_JOBS_BUILD: z.string().optional(),
});

type Environment = z.infer<typeof Environment>;
type Name = keyof Environment;

/** Variables are missing or invalid. The message has a sentence for each. */
export class EnvironmentError extends Error {}

function parse<T extends z.ZodType>(schema: T): z.infer<T> {
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  // The first issue of each variable.
  const sentences = new Map<PropertyKey, string>();
  for (const { path, message } of result.error.issues) {
    const name = path[0] ?? "";
    if (!sentences.has(name)) sentences.set(name, `${String(name)} ${message}`);
  }
  throw new EnvironmentError([...sentences.values()].join("\n"));
}

let parsed: Environment | undefined;

/** @throws EnvironmentError when variables are missing or invalid. */
export function environment(): Environment {
  parsed ??= parse(Environment);
  return parsed;
}

/**
 * Only the named variables, for processes that have no database.
 * @throws EnvironmentError when they are missing or invalid.
 */
export function environmentOf<const N extends Name>(...names: N[]): Pick<Environment, N> {
  const mask = Object.fromEntries(names.map((name) => [name, true])) as Record<N, true>;
  return parse(Environment.pick(mask as never)) as Pick<Environment, N>;
}

/** Whether the operator provides a PostgreSQL; otherwise the embedded one is used. */
export function hasOwnDatabase(): boolean {
  return Boolean(process.env.DATABASE_URL);
}

export function isDevelopment(): boolean {
  return process.env.NODE_ENV === "development";
}
