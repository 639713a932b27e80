import { createMailer } from '@anika/mail/mailer';
import { createPostbox, type Postbox } from '@anika/mail/postbox';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { Logger } from '@anika/runtime/logger';
import type { ApiConfig } from './config.ts';

/** E-mails of this process; without a server that takes them, what is posted is dropped. */
export function openPostbox(
  { ANIKA_SMTP_URL: server, ANIKA_MAIL_FROM: from }: ApiConfig,
  { logger, lifecycle }: { readonly logger: Logger; readonly lifecycle: Lifecycle },
): Postbox {
  const mailer = server && createMailer(server, from);
  const postbox = createPostbox({ mailer, logger });
  lifecycle.onClose('mail server', async () => mailer?.close());
  lifecycle.onClose('e-mails', postbox.close);
  return postbox;
}
