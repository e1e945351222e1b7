import { reportResult } from "@/lib/calls/result";
import { ResultRequest } from "@/lib/calls/schema";
import { routeMethods } from "@/lib/http/methods";
import { writeEndpoint } from "@/lib/http/write-endpoint";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: writeEndpoint(
    { failure: "Failed to record the result", permission: "dial", fields: ResultRequest, isAtomic: true },
    (viewer, fields, callId, db) => reportResult(viewer, callId, fields, db),
  ),
});
