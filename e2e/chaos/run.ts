import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runChaos } from "./chaos";

// `npm run chaos`: 20,000 contacts and 12 dialers, in some minutes. `npm run chaos -- 4000` takes another number.

const contacts = Number(process.argv[2] ?? 20_000);
const jobs = 40;
const directory = await mkdtemp(path.join(tmpdir(), "batch-jobs-chaos-"));
try {
  const found = await runChaos({
    directory,
    dialers: 12,
    jobs,
    contactsPerJob: Math.ceil(contacts / jobs),
    limit: 50,
    timeoutMs: 60 * 60_000,
    report: (line) => console.log(line),
  });
  console.log(found);
  process.exitCode = Object.keys(found.broken).length > 0 ? 1 : 0;
} finally {
  await rm(directory, { recursive: true, force: true });
}
