import { createTransport, type NodemailerError } from "nodemailer";
import { environment } from "./environment";
import { logError } from "./log";

/** A page waits for the mail server. */
const timeoutMs = 8_000;

export function canSendMail(): boolean {
  return environment().SMTP_URL !== undefined;
}

/**
 * Sends a plain-text email through SMTP_URL.
 *
 * @returns whether the server accepted it; an error is logged.
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
    // Without the server's message, which may quote the email and its link.
    const { code, originalCode, responseCode, command } = error as NodemailerError;
    logError("failed to send email", {
      name: "MailError",
      // The system's or TLS's code is more specific than nodemailer's: DEPTH_ZERO_SELF_SIGNED_CERT, not ESOCKET.
      code: originalCode ?? code,
      message: `${command ?? "no command"}: ${responseCode ?? "no response"}`,
    });
    return false;
  } finally {
    transport.close();
  }
}
