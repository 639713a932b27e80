import { listInvitations, withdrawInvitation } from '@anika/contracts/invitations';
import { deleteUser, listUsers, updateUser } from '@anika/contracts/partners';
import { apiCall } from '../api/snippets.ts';
import { useList, useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { List } from '../ui/list.tsx';
import { Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Select } from '../ui/text-field.tsx';
import { Time } from '../ui/time.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { DemandFactor } from './demand-factor.tsx';
import { InvitationStateBadge } from './invitation-state.tsx';
import { Invite } from './invite.tsx';
import { ResetLink } from './reset-link.tsx';
import { useRoleOptions } from './roles.ts';
import { TakeOffFactor } from './take-off-factor.tsx';
import { Who } from './who.tsx';

export function People() {
  const text = useText();
  return (
    <>
      <Section title={text('settings.people')}>
        <Users />
      </Section>
      <Section title={text('demand.title')}>
        <DemandFactor />
      </Section>
      <Section title={text('settings.invitations')} lead={text('settings.invitationsLead')}>
        <Invite kind="member" />
        <Invitations />
      </Section>
    </>
  );
}

function Users() {
  const text = useText();
  const { userId } = useSession();
  const roles = useRoleOptions();
  const list = useList(listUsers, { query: { limit: 50 } });
  const update = useWrite(updateUser, [listUsers]);
  const remove = useWrite(deleteUser, [listUsers]);
  return (
    <>
      {update.error !== null && <Problem problem={update.error} />}
      <List
        label={text('settings.people')}
        list={list}
        rowKey={({ id }) => id}
        empty={null}
        columns={[
          {
            id: 'who',
            head: text('settings.person'),
            wide: true,
            cell: ({ name, email }) => <Who name={name} email={email} />,
          },
          {
            id: 'role',
            head: text('settings.role'),
            cell: ({ id, role }) =>
              role === 'operator' || id === userId ? (
                text(`role.${role}`)
              ) : (
                <Select
                  name="role"
                  label={text('settings.role')}
                  value={role}
                  onChange={(next) => void update.run({ params: { id }, body: { role: next } })}
                  options={roles}
                />
              ),
          },
          {
            id: 'factor',
            head: text('factor.title'),
            cell: ({ secondFactor }) => text(secondFactor ? 'factor.on' : 'factor.off'),
          },
          { id: 'since', head: text('topic.created'), cell: ({ createdAt }) => <Time at={createdAt} /> },
          {
            id: 'do',
            head: text('ui.actions'),
            cell: ({ id, email, secondFactor }) =>
              id === userId ? (
                text('settings.you')
              ) : (
                <span className="page-actions">
                  <ResetLink id={id} email={email} />
                  {secondFactor && <TakeOffFactor id={id} email={email} />}
                  <WideAction
                    label={text('settings.remove')}
                    title={text('settings.removeTitle', { email })}
                    effect={<p>{text('settings.removeEffect')}</p>}
                    danger
                    busy={remove.busy}
                    problem={remove.error}
                    run={() => remove.run({ params: { id } })}
                    call={apiCall(deleteUser, { params: { id } })}
                  />
                </span>
              ),
          },
        ]}
      />
    </>
  );
}

export function Invitations() {
  const text = useText();
  const list = useList(listInvitations, { query: { limit: 50 } });
  const withdraw = useWrite(withdrawInvitation, [listInvitations]);
  return (
    <List
      label={text('settings.invitations')}
      list={list}
      rowKey={({ id }) => id}
      empty={
        <Empty
          icon="person"
          title={text('settings.noInvitations')}
          hint={text('settings.noInvitationsHint')}
        />
      }
      columns={[
        {
          id: 'who',
          head: text('session.email'),
          wide: true,
          cell: ({ email, companyName }) => (
            <span>
              {email}
              {companyName !== null && <span className="under">{companyName}</span>}
            </span>
          ),
        },
        { id: 'role', head: text('settings.role'), cell: ({ role }) => text(`role.${role}`) },
        { id: 'state', head: text('ui.state'), cell: ({ state }) => <InvitationStateBadge state={state} /> },
        { id: 'until', head: text('grant.until'), cell: ({ expiresAt }) => <Time at={expiresAt} /> },
        {
          id: 'do',
          head: text('ui.actions'),
          cell: ({ id, state }) =>
            state === 'open' ? (
              <Button onPress={() => void withdraw.run({ params: { id } })}>
                {text('settings.withdraw')}
              </Button>
            ) : (
              '–'
            ),
        },
      ]}
    />
  );
}
