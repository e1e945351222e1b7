import { claimCalls } from "@/lib/calls/claim";
import { ClaimRequest } from "@/lib/calls/schema";
import { routeMethods } from "@/lib/http/methods";
import { writeEndpoint } from "@/lib/http/write-endpoint";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: writeEndpoint(
    { failure: "Failed to claim calls", permission: "dial", fields: ClaimRequest },
    (viewer, fields, _id, db) => claimCalls(viewer, fields, db),
  ),
});
