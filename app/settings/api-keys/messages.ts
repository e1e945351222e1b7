import { nameMessage } from "../../components/form-message";
import { memberMessages } from "../messages";

/** What the pages of keys say when a form is refused. */
export const messages = {
  ...memberMessages,
  invalid_name: nameMessage("A key’s name", 50),
  invalid_expiry: "Choose when the key expires.",
  invalid_expiry_date: "The last day must be a date within the next ten years.",
  invalid_overlap: "Choose for how long the old key goes on.",
  api_key_not_found: "There is no such key in this organization.",
  api_key_ended: "This key is over already. Make a new one instead.",
  api_key_rotating: "This key has a successor already. End it, or wait until it ends.",
  api_key_not_rotating: "This key has no successor. Revoke it below instead.",
  invalid_confirmed_name: "Type the key’s name to revoke it.",
  name_mismatch: "That is not the key’s name, so it was not revoked. Type it exactly as it stands above.",
};
