import { z } from "zod";
import { BatchJobForm } from "../batch-jobs/form";
import {
  BatchJob,
  BatchJobDetail,
  BatchJobList,
  BatchJobSearch,
  CancelledBatchJob,
  CreatedBatchJob,
  FailedBatchJob,
  Health,
  NewBatchJob,
  RedisStatus,
  RescheduledBatchJob,
  StartedBatchJob,
} from "../batch-jobs/schema";
import {
  Claim,
  ClaimedCall,
  ClaimRequest,
  Dialing,
  DialingRequest,
  FailRequest,
  Result,
  ResultRequest,
} from "../calls/schema";
import { Contact } from "../contacts/schema";

/** The body of a list: as in the contract, or with what other parameters than the contract's add. */
export const BatchJobListBody = z.union([BatchJobList, BatchJobSearch]);

/** The body of every error. */
const ErrorBody = z.strictObject({
  detail: z.string().meta({ description: "What is wrong, for people." }),
  code: z.string().meta({ description: "What is wrong, for programs." }),
});

/** What a client sends: members with a default are optional. */
const requests = { NewBatchJob, BatchJobForm, ClaimRequest, DialingRequest, ResultRequest, FailRequest };
const responses = {
  BatchJob,
  BatchJobDetail,
  BatchJobList,
  BatchJobListBody,
  BatchJobSearch,
  CancelledBatchJob,
  Claim,
  ClaimedCall,
  Contact,
  CreatedBatchJob,
  Dialing,
  Error: ErrorBody,
  FailedBatchJob,
  Health,
  RedisStatus,
  RescheduledBatchJob,
  Result,
  StartedBatchJob,
};

export type JsonSchema = Record<string, unknown>;

const refOf = (name: string) => `#/components/schemas/${name}`;

function jsonSchemasOf(
  schemas: Record<string, z.ZodType>,
  io: "input" | "output",
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const found = z.toJSONSchema(registry, {
    io,
    uri: refOf,
    // Code checks what JSON Schema cannot say, such as phone numbers.
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      // The format says it, shorter.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }).schemas;
  return Object.fromEntries(
    Object.entries(found).map(([id, { $schema, $id, ...schema }]) => [id, schema as JsonSchema]),
  );
}

/** The schemas of bodies by name, for `components.schemas`. */
export const componentSchemas = {
  ...jsonSchemasOf(requests, "input"),
  ...jsonSchemasOf(responses, "output"),
};

const names = new Map<z.ZodType, string>(
  Object.entries({ ...requests, ...responses }).map(([name, schema]) => [schema, name]),
);

/** A reference to a schema that has a name here. */
export function schemaReference(schema: z.ZodType): JsonSchema {
  const name = names.get(schema);
  if (name === undefined) throw new Error("The schema has no name in lib/openapi/components.ts");
  return { $ref: refOf(name) };
}

export const errorReference = schemaReference(ErrorBody);
