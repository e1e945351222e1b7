import { z } from "zod";
import { identifier } from "@/lib/format/text";
import { renewInvitation } from "@/lib/invitations/invite";
import { organizationFormHandler } from "../../form-handler";
import { shareInvitation } from "../share-invitation";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = organizationFormHandler(
  {
    failure: "Failed to create a new link",
    page: "members",
    fields: z.object({ invitationId: identifier }),
    permission: "manageMembers",
  },
  async ({ viewer, person, fields }) =>
    shareInvitation("renewed", await renewInvitation(viewer, fields.invitationId), viewer, person),
);
