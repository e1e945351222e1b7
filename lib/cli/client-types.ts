import { execFileSync } from "node:child_process";
import { openApiDocument } from "../openapi/document";

// `npm run client:types`: writes the types of the client (lib/client) for this version of the API.

/** Responses have many headers, which the client's methods don't return. */
const withoutHeaders = JSON.parse(openApiDocument(), (key, value) => (key === "headers" ? undefined : value));

execFileSync(
  "lib/client/node_modules/.bin/openapi-typescript",
  // Without the flag, what has a default would be required in requests.
  ["--default-non-nullable", "false"],
  { input: JSON.stringify(withoutHeaders), stdio: ["pipe", "inherit", "inherit"] },
);
