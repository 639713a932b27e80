import { listUsers } from '@anika/contracts/partners';
import { useState } from 'react';
import { useList } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Invite } from '../settings/invite.tsx';
import { ResetLink } from '../settings/reset-link.tsx';
import { TakeOffFactor } from '../settings/take-off-factor.tsx';
import { Who } from '../settings/who.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Empty } from '../ui/empty.tsx';
import { List } from '../ui/list.tsx';

type Props = { readonly partnerId: string; readonly name: string };

/** For operators: the way in of a company whose admins have lost theirs. */
export function Admins({ partnerId, name }: Props) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onPress={() => setOpen(true)}>{text('admins.open')}</Button>
      <Dialog title={text('admins.title', { name })} isOpen={isOpen} isWide onClose={() => setOpen(false)}>
        <p>{text('admins.lead')}</p>
        <AdminList partnerId={partnerId} />
        <h3>{text('admins.invite')}</h3>
        <Invite kind="admin" partnerId={partnerId} />
      </Dialog>
    </>
  );
}

function AdminList({ partnerId }: { readonly partnerId: string }) {
  const text = useText();
  const list = useList(listUsers, { query: { partnerId, limit: 50 } });
  return (
    <List
      label={text('admins.open')}
      list={list}
      rowKey={({ id }) => id}
      empty={<Empty icon="person" title={text('admins.none')} hint={text('admins.noneHint')} />}
      columns={[
        {
          id: 'who',
          head: text('settings.person'),
          wide: true,
          cell: ({ name, email }) => <Who name={name} email={email} />,
        },
        {
          id: 'do',
          head: text('ui.actions'),
          cell: ({ id, email, secondFactor }) => (
            <span className="page-actions">
              <ResetLink id={id} email={email} />
              {secondFactor && <TakeOffFactor id={id} email={email} />}
            </span>
          ),
        },
      ]}
    />
  );
}
