import type { Invitation } from '@anika/core/invitation';
import type { Postbox } from '@anika/mail/postbox';
import { emailMark } from '../auth/credentials.ts';

type Limit = { consume(who: string): Promise<{ allowed: boolean }> };

export type MailInvitationNeeds = {
  readonly post: Postbox['post'];
  readonly publicUrl: string;
  readonly rateLimit: (rule: typeof OF_INVITER | typeof OF_ADDRESS) => Limit;
  readonly failed: (error: unknown) => void;
};

/** Of one company, or of all operators: whoever made more would send mail to people who never asked. */
const OF_INVITER = { name: 'invitation-mails', points: 50, perSeconds: 3600 };
/** Over all companies. */
const OF_ADDRESS = { name: 'invitation-mails-address', points: 5, perSeconds: 86_400 };

export type MailInvitation = (invitation: Invitation, token: string) => void;

/**
 * Sends an invitation to who is invited. Nobody waits for it, and past the limits it is not sent: whoever invites has
 * the token to hand over in any case.
 */
export function createMailInvitation(needs: MailInvitationNeeds): MailInvitation {
  const ofInviter = needs.rateLimit(OF_INVITER);
  const ofAddress = needs.rateLimit(OF_ADDRESS);

  async function mail(invitation: Invitation, token: string): Promise<void> {
    const { email, partnerId } = invitation;
    const mayMail =
      (await ofInviter.consume(partnerId ?? 'operators')).allowed &&
      (await ofAddress.consume(emailMark(email))).allowed;
    if (!mayMail) return;
    needs.post({ to: email, ...textOf(invitation, token, needs.publicUrl), about: 'invitation' });
  }
  return (invitation, token) => {
    mail(invitation, token).catch(needs.failed);
  };
}

function textOf({ expiresAtMs }: Invitation, token: string, publicUrl: string) {
  const until = `${new Date(expiresAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const text = `Вас пригласили в ANIKA: ${publicUrl}
Чтобы принять приглашение, отправьте до ${until} POST ${publicUrl}/v1/invitations/accept
с вашим именем, новым паролем и этим ключом, который действует один раз:

${token}

Если вы не ждали приглашения, ничего не делайте.

---

You are invited to ANIKA: ${publicUrl}
To accept, send before ${until} POST ${publicUrl}/v1/invitations/accept
with your name, a new password and the token above, which works once.

If you did not expect this, do nothing.
`;
  return { subject: 'ANIKA: приглашение / invitation', text };
}
