import type { Viewer } from "../access/viewer";
import { visiblePhoneNumbers } from "./visible";

export interface PhoneNumber {
  id: string;
  phoneNumber: string;
  agentId: string | null;
  label: string | null;
  createdAt: Date;
}

/** The phone numbers of the viewer's organization, oldest first. */
export async function listPhoneNumbers(viewer: Viewer): Promise<PhoneNumber[]> {
  viewer.require("viewSettings");
  return visiblePhoneNumbers(viewer.scope)
    .select(["id", "phone_number as phoneNumber", "agent_id as agentId", "label", "created_at as createdAt"])
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

/** Those that have an agent, so that jobs can call from them. */
export async function listOutboundNumbers(viewer: Viewer): Promise<PhoneNumber[]> {
  return (await listPhoneNumbers(viewer)).filter(({ agentId }) => agentId !== null);
}
