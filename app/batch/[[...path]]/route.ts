import { everyMethod } from "@/lib/http/methods";
import { noEndpoint } from "@/lib/http/no-endpoint";

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = everyMethod(noEndpoint);
