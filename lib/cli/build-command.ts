import { surviveClosedOutput } from "../server/standard-streams";
import { ensureBuild } from "./build";

// `npm run build`: the build that every later `npm start` of this source uses.
surviveClosedOutput();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));
ensureBuild((line) => console.log(line), "inherit").then(
  (build) => console.log(`Built: .next-${build}`),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
