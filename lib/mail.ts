import { createTransport, type NodemailerError } from "nodemailer";
import { environment } from "./environment";
import { logError } from "./log";

/** A mail server that does not answer shall not hold up the page that waits for it. */
const timeoutMs = 8_000;

/** Whether this server can send mail: only then is it offered. */
export function canSendMail(): boolean {
  return environment().SMTP_URL !== undefined;
}

/**
 * Sends a mail of plain text, by the operator's server (SMTP_URL).
 *
 * @returns whether the server took it; what went wrong is logged.
 */
export async function sendMail(mail: { to: string; subject: string; text: string }): Promise<boolean> {
  const { SMTP_URL, MAIL_FROM, NEXTAUTH_URL } = environment();
  if (SMTP_URL === undefined) return false;
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  const transport = createTransport({ url: SMTP_URL, ...timeouts });
  const from = MAIL_FROM ?? `Batch Jobs <no-reply@${new URL(NEXTAUTH_URL).hostname}>`;
  try {
    await transport.sendMail({ from, ...mail, to: { name: "", address: mail.to } });
    return true;
  } catch (error) {
    // Not what the server said: it may quote the mail, and its link.
    const { code, originalCode, responseCode, command } = error as NodemailerError;
    logError("failed to send email", {
      name: "MailError",
      // The system's or TLS's own code says more than nodemailer's for the step: DEPTH_ZERO_SELF_SIGNED_CERT, not ESOCKET.
      code: originalCode ?? code,
      message: `${command ?? "no command"}: ${responseCode ?? "no answer"}`,
    });
    return false;
  } finally {
    transport.close();
  }
}
