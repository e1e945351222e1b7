import { permitDialing } from "@/lib/calls/dialing";
import { DialingRequest } from "@/lib/calls/schema";
import { routeMethods } from "@/lib/http/methods";
import { writeEndpoint } from "@/lib/http/write-endpoint";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = routeMethods({
  POST: writeEndpoint(
    {
      failure: "Failed to allow the call to be dialed",
      permission: "dial",
      fields: DialingRequest,
      isAtomic: true,
    },
    (viewer, fields, callId, db) => permitDialing(viewer, callId, fields, db),
  ),
});
