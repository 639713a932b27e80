import { changePassword, endSession, endSessions, listSessions } from '@anika/contracts/auth';
import { useState } from 'react';
import { apiCall } from '../api/snippets.ts';
import { useList, useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';
import { List } from '../ui/list.tsx';
import { Section } from '../ui/page.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { Time } from '../ui/time.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { SecondFactor } from './second-factor.tsx';

export function OwnAccount() {
  const text = useText();
  return (
    <>
      <Section title={text('settings.sessions')} lead={text('settings.sessionsLead')} actions={<EndAll />}>
        <Sessions />
      </Section>
      <Section title={text('factor.title')} lead={text('factor.lead')}>
        <SecondFactor />
      </Section>
      <Section title={text('settings.password')} lead={text('settings.passwordLead')}>
        <Password />
      </Section>
    </>
  );
}

function Sessions() {
  const text = useText();
  const list = useList(listSessions, { query: { limit: 50 } });
  const end = useWrite(endSession, [listSessions]);
  return (
    <List
      label={text('settings.sessions')}
      list={list}
      rowKey={({ id }) => id}
      empty={null}
      columns={[
        { id: 'from', head: text('settings.from'), cell: ({ remoteAddress }) => remoteAddress ?? '–' },
        { id: 'created', head: text('settings.opened'), cell: ({ createdAt }) => <Time at={createdAt} /> },
        { id: 'used', head: text('settings.lastUsed'), cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
        { id: 'until', head: text('grant.until'), cell: ({ expiresAt }) => <Time at={expiresAt} /> },
        {
          id: 'do',
          head: text('ui.actions'),
          cell: ({ id, current }) =>
            current ? (
              <Badge tone="good" icon="disc" word={text('settings.thisOne')} />
            ) : (
              <Button onPress={() => void end.run({ params: { id } })}>{text('settings.endSession')}</Button>
            ),
        },
      ]}
    />
  );
}

function EndAll() {
  const text = useText();
  const { signOut } = useSession();
  const end = useWrite(endSessions, []);
  return (
    <WideAction
      label={text('settings.endAll')}
      title={text('settings.endAll')}
      effect={<p>{text('settings.endAllEffect')}</p>}
      danger
      busy={end.busy}
      problem={end.error}
      call={apiCall(endSessions)}
      run={async () => {
        const done = await end.run();
        if (done !== undefined) await signOut();
        return done;
      }}
    />
  );
}

function Password() {
  const text = useText();
  const { signOut } = useSession();
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const change = useWrite(changePassword, []);
  async function send() {
    const done = await change.run({ body: { currentPassword, newPassword } });
    if (done !== undefined) await signOut();
  }
  return (
    <Form
      onSubmit={() => void send()}
      submit={text('settings.changePassword')}
      busy={change.busy}
      problem={change.error}
      call={apiCall(changePassword, { body: { currentPassword, newPassword } })}
    >
      <PasswordField
        name="currentPassword"
        which="present"
        label={text('settings.currentPassword')}
        value={currentPassword}
        onChange={setCurrent}
        required
      />
      <PasswordField
        name="newPassword"
        which="new"
        label={text('settings.newPassword')}
        hint={text('invitation.passwordHint')}
        value={newPassword}
        onChange={setNew}
        required
      />
    </Form>
  );
}
