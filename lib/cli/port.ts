import { createServer } from "node:net";

/**
 * Makes sure that a server can listen there, before anything is built or started.
 * @throws Error with a sentence that says what to do instead.
 */
export async function ensurePortFree(host: string, port: number): Promise<void> {
  const error = await tryToListen(host, port);
  if (error) throw new Error(sentence(error, host, port));
  // "localhost" may lead to ::1 first, where another program would take what is meant for us.
  const other = host === "127.0.0.1" ? await tryToListen("::1", port) : undefined;
  if (other?.code === "EADDRINUSE") throw new Error(sentence(other, host, port));
}

function tryToListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

function sentence(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} is already in use. Stop the other program, or choose another port: PORT=${port + 1} npm start`;
    case "EACCES":
      return `This user can't listen on port ${port}. Choose one above 1023: PORT=3000 npm start`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST=${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all its addresses.`;
    default:
      return `Cannot listen on ${host}, port ${port}: ${error.message}`;
  }
}
