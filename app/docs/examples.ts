import { readFile } from "node:fs/promises";
import path from "node:path";
import { environment } from "@/lib/environment";

/** By the extension of their files. */
const languages = { sh: "curl", ts: "TypeScript", py: "Python" };
type Language = keyof typeof languages;

interface Task {
  /** Of its files in examples/. */
  name: string;
  title: string;
  scope: string;
  /** HTML. */
  note?: string;
}

const tasks: Task[] = [
  { name: "list-failed-jobs", title: "List last month’s failed jobs", scope: "read" },
  { name: "follow-changes", title: "Follow changes", scope: "read" },
  {
    name: "create-job",
    title: "Create a job",
    scope: "manage",
    note: "Without <code>scheduledStartTime</code> a job needs no start: its contacts are called as soon as a dialer asks for calls.",
  },
  {
    name: "create-job-from-csv",
    title: "Create a job from a CSV file",
    scope: "manage",
    note: "Rows that can’t be called are skipped: <code>skippedRows</code> in the response says which, and why.",
  },
  { name: "start-and-cancel", title: "Start and cancel a job", scope: "manage" },
  { name: "dial", title: "Write a dialer: claim a call, dial, report the result", scope: "dial" },
];

const [exampleOrganizationId, examplePhoneNumberId] = ["org_abc123", "phone_ghi789"];

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const block = (label: string, text: string) =>
  `<pre tabindex="0" aria-label="${label}">${escaped(text.trimEnd())}</pre>`;

async function exampleFile(file: string): Promise<string> {
  return block(file, await readFile(path.join(process.cwd(), "app/docs/examples", file), "utf8"));
}

const inLanguage = (language: Language, content: string) => `<div class="in-${language}">${content}</div>`;

const variables = () => `export BATCH_JOBS_URL=${environment().NEXTAUTH_URL}
export BATCH_JOBS_API_KEY=tk_live_…
export BATCH_JOBS_ORGANIZATION_ID=${exampleOrganizationId}`;

const clientPackage = `# where the server is installed
npm pack -w batch-jobs-client
# where you need it
npm install ./batch-jobs-client-*.tgz`;

const details = (summary: string, content: string, isOpen = false) =>
  `<details${isOpen ? " open" : ""}><summary>${summary}</summary>${content}</details>`;

async function taskSection({ name, title, scope, note = "" }: Task): Promise<string> {
  const all = Object.keys(languages) as Language[];
  const files = all.map(async (language) => inLanguage(language, await exampleFile(`${name}.${language}`)));
  const text = `<p>Needs an API key with the scope <code>${scope}</code>. ${note}</p>`;
  return details(title, text + (await Promise.all(files)).join(""));
}

/** How to begin, and examples of common tasks: the files that e2e/examples.spec.ts runs. */
async function renderExamples(): Promise<string> {
  const choices = Object.entries(languages).map(
    ([language, label]) =>
      `<label><input type="radio" name="language" id="${language}"${language === "sh" ? " checked" : ""}> ${label}</label>`,
  );
  const setup = [
    '<p>Create an API key on the page <a href="/settings/api-keys">API keys</a>, and set:</p>',
    block("Environment variables", variables()),
    inLanguage("sh", '<p>Some examples read JSON with <a href="https://jqlang.org">jq</a>.</p>'),
    inLanguage(
      "ts",
      `<p>Install the client. It retries failed requests. A retried write takes effect only once.</p>${block("Commands", clientPackage)}`,
    ),
    inLanguage("py", `<p>Install <code>requests</code>.</p>${await exampleFile("batch_jobs.py")}`),
  ];
  return `<section id="examples" aria-labelledby="examples-title">
<h2 id="examples-title">Examples</h2>
<fieldset><legend>Language</legend>${choices.join("")}</fieldset>
${details("Set up", setup.join(""), true)}
${(await Promise.all(tasks.map(taskSection))).join("\n")}
</section>`;
}

let rendered: string | undefined;

/**
 * The section of /docs with examples, as HTML; it is made once.
 *
 * @param own what the examples name, where it is known.
 */
export async function examplesHtml(own: {
  organizationId?: string;
  phoneNumberId?: string;
}): Promise<string> {
  rendered ??= await renderExamples();
  return rendered
    .replaceAll(exampleOrganizationId, own.organizationId ?? exampleOrganizationId)
    .replaceAll(examplePhoneNumberId, own.phoneNumberId ?? examplePhoneNumberId);
}
