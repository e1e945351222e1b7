import type { JobAddress } from "../job-address";
import type { JobContext } from "./heading";

export function Actions(_props: JobContext & { address: JobAddress }) {
  return null;
}
