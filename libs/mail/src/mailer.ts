import { createTransport } from 'nodemailer';
import type { SmtpServer } from './smtp-url.ts';

/** One mail of plain text to one address. */
export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for the same mail: who sends it again after a crash lets the reader's system tell. */
  readonly id?: string | undefined;
};

export type Mailer = {
  /** `refused`: the server will not have it, now or later. Rejects where it may take it later. */
  send(mail: Mail): Promise<'sent' | 'refused'>;
  close(): void;
};

const CONNECTIONS = 2;
const TIMEOUTS = { connectionTimeout: 5000, greetingTimeout: 5000, dnsTimeout: 5000, socketTimeout: 20_000 };

/** Hands mails over to a server. `from`: `Name <address>`. Nothing of a mail is ever logged. */
export function createMailer(server: SmtpServer, from: string): Mailer {
  const { host, port, secure, auth } = server;
  const transport = createTransport(
    {
      pool: true,
      maxConnections: CONNECTIONS,
      host,
      port,
      secure,
      // A password is said to nobody but over TLS; on this machine there is nobody between.
      requireTLS: auth !== undefined && !isLoopback(host),
      ...(auth && { auth }),
      ...TIMEOUTS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send({ to, subject, text, id }) {
      try {
        const domain = from.match(/@([^>\s]+)/)?.[1] ?? 'anika';
        await transport.sendMail({
          // An object, so that no list is read out of an address.
          to: { name: '', address: to },
          subject,
          text,
          ...(id !== undefined && { messageId: `<${id}@${domain}>` }),
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return 'sent';
      } catch (error) {
        if (isForGood(error)) return 'refused';
        throw withoutAddresses(error);
      }
    },
    close: () => transport.close(),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** What servers answer names receivers, and logs are for others than these. */
function withoutAddresses(error: unknown): Error {
  const parts = ['code', 'command', 'responseCode'].map((name) =>
    error instanceof Error ? Reflect.get(error, name) : undefined,
  );
  return new Error(`The mail server did not take it: ${parts.filter(isWord).join(' ') || 'no answer'}`);
}

function isWord(part: unknown): boolean {
  return typeof part === 'number' || (typeof part === 'string' && /^[A-Z ]{1,40}$/.test(part));
}

/** Of the receiver or the mail itself; a refused sign-in is the operator's to mend. */
function isForGood(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  if (error.code !== 'EENVELOPE' && error.code !== 'EMESSAGE') return false;
  // Without an answer of the server it is no address at all.
  return !('responseCode' in error) || typeof error.responseCode !== 'number' || error.responseCode >= 500;
}
