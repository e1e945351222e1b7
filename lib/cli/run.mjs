// @ts-check
import { createRequire } from "node:module";

// `node lib/cli/run.mjs admin …` runs lib/cli/admin.ts. Modules are loaded as CommonJS, because tsx's loader for ES
// modules takes twice as long: on Node 20 it runs in a thread of its own. So these modules and what they import
// cannot use `await` at the top level, nor `import()` for TypeScript.

// The cache is in a folder for temporary files, which may not be writable.
process.env.TSX_DISABLE_CACHE ??= "1";
const require = createRequire(import.meta.url);
require("tsx/cjs");
const [name] = process.argv.splice(2, 1);
require(`./${name}.ts`);
