import { ignoreClosedOutput } from "../server/standard-streams";
import { ensureBuild } from "./build";

// `npm run build`: creates the build that later starts of this version use.
ignoreClosedOutput();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));
ensureBuild((line) => console.log(line), "inherit").then(
  (build) => console.log(`Built: .next-${build}`),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
