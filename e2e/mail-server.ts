import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

export interface Mail {
  to: string[];
  from: string;
  text: string;
}

/**
 * A mail server on a free port: an ordinary one, or one that refuses recipients, refuses messages and quotes them, or has an
 * untrusted certificate.
 */
export async function startMailServer(
  kind: "good" | "refuses recipients" | "refuses mails" | "unknown" = "good",
) {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    secure: kind === "unknown",
    disabledCommands: ["STARTTLS", "AUTH"],
    onRcptTo: (_address, _session, done) =>
      done(kind === "refuses recipients" ? new Error("no such mailbox") : null),
    async onData(stream, { envelope }, done) {
      const raw = await text(stream);
      // Quoted-printable: long lines are broken.
      const plain = raw
        .replace(/=\r?\n/g, "")
        .replace(/=([0-9A-F]{2})/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      const from = envelope.mailFrom ? envelope.mailFrom.address : "";
      mails.push({ to: envelope.rcptTo.map(({ address }) => address), from, text: plain });
      done(kind === "refuses mails" ? new Error(`blocked: ${/https?:\S+/.exec(plain)?.[0]}`) : null);
    },
  });
  // A client that does not trust the certificate hangs up.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(resolve));
  return { url: `${kind === "unknown" ? "smtps" : "smtp"}://127.0.0.1:${port}`, mails, close };
}
