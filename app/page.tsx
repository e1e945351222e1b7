/** The front door: what this server is, and how to ask it. */
export default function HomePage() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-2xl flex-col justify-center gap-6 px-5 py-16">
      <h1 className="text-2xl font-semibold tracking-tight">Batch Jobs</h1>
      <p>This server tells programs how an organization’s outbound calling campaigns stand.</p>
      <section className="flex flex-col gap-3">
        <h2 className="font-medium">Ask with an API key</h2>
        <Command>
          {`curl "$ADDRESS/batch/jobs?organizationId=$ORGANIZATION" \\\n  -H "Authorization: Bearer $API_KEY"`}
        </Command>
      </section>
      <section className="flex flex-col gap-3">
        <h2 className="font-medium">Make a key, on the machine that runs the server</h2>
        <Command>
          {'npm run -s admin -- api-keys create \\\n  --organization $ORGANIZATION --name "My program"'}
        </Command>
      </section>
    </main>
  );
}

function Command({ children }: { children: string }) {
  return (
    <pre className="whitespace-pre-wrap wrap-anywhere rounded-md border border-zinc-200 bg-zinc-50 p-4 font-mono text-sm leading-6 dark:border-zinc-800 dark:bg-zinc-900">
      <code>{children}</code>
    </pre>
  );
}
