import { createInvitation, listInvitations } from '@anika/contracts/invitations';
import { useState } from 'react';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Form } from '../ui/form.tsx';
import { Select, TextField } from '../ui/text-field.tsx';
import { Handover } from './handover.tsx';
import { useRoleOptions } from './roles.ts';

type Props = { readonly kind: 'member' | 'company' } | { readonly kind: 'admin'; readonly partnerId: string };

/** By an admin: a colleague. By an operator: the first admin of a new company, or one more of a company. */
export function Invite(props: Props) {
  const { kind } = props;
  const text = useText();
  const roles = useRoleOptions();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<(typeof roles)[number]['value']>('developer');
  const [companyName, setCompanyName] = useState('');
  const invite = useWrite(createInvitation, [listInvitations]);
  function body() {
    if (kind === 'member') return { email, role };
    const more = props.kind === 'admin' ? { partnerId: props.partnerId } : { companyName };
    return { email, role: 'admin' as const, ...more };
  }
  async function send() {
    const done = await invite.run({ body: body() });
    if (done === undefined) return;
    setEmail('');
    setCompanyName('');
  }
  return (
    <div className="card">
      <Form
        onSubmit={() => void send()}
        submit={text('invite.create')}
        busy={invite.busy}
        problem={invite.error}
        call={apiCall(createInvitation, { body: body() })}
      >
        <div className="form-row">
          {kind === 'company' && (
            <TextField
              name="companyName"
              label={text('invite.company')}
              value={companyName}
              onChange={setCompanyName}
              required
            />
          )}
          <TextField
            name="email"
            type="email"
            label={text('session.email')}
            value={email}
            onChange={setEmail}
            required
          />
          {kind === 'member' && (
            <Select
              name="role"
              label={text('settings.role')}
              value={role}
              onChange={setRole}
              options={roles}
            />
          )}
        </div>
      </Form>
      {invite.data !== undefined && (
        <Handover
          kind="invitation"
          token={invite.data.token}
          lead={text('invite.handover', { email: invite.data.email })}
        />
      )}
    </div>
  );
}
