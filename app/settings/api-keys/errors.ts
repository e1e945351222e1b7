import { nameMessage } from "../../components/form-result";

export const errors = {
  invalid_name: nameMessage("The name", 50),
  invalid_scopes: "Choose at least one scope.",
  invalid_expiry: "Choose when the key expires.",
  invalid_expiry_date: "The expiration date must be within the next ten years.",
  invalid_overlap: "Choose how long to keep the old key.",
  api_key_not_found: "API key not found.",
  api_key_ended: "This key has already expired or been revoked. Create a new one instead.",
  api_key_rotating: "This key has already been rotated. Revoke it, or wait until it expires.",
  api_key_not_rotating: "This key hasn’t been rotated. Revoke it below instead.",
  invalid_confirmed_name: "Enter the key’s name to revoke it.",
  name_mismatch: "The name doesn’t match, so the key was not revoked. Type it exactly as shown.",
};
