import { listPartners, partnerDirectory, updatePartner } from '@anika/contracts/partners';
import { apiCall } from '../api/snippets.ts';
import { useList, useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Admins } from '../partners/admins.tsx';
import { CompanyLimits } from '../partners/company-limits.tsx';
import { Invite } from '../settings/invite.tsx';
import { Invitations } from '../settings/people.tsx';
import { Badge } from '../ui/badge.tsx';
import { Empty } from '../ui/empty.tsx';
import { Id } from '../ui/id.tsx';
import { List } from '../ui/list.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { WideAction } from '../ui/wide-action.tsx';

/** The companies of the installation, and letting in one more; nothing of what they send. */
export function PartnersPage() {
  const text = useText();
  const list = useList(listPartners, { query: { limit: 50 } });
  return (
    <Page title={text('menu.partners')} lead={text('partners.lead')}>
      <List
        label={text('menu.partners')}
        list={list}
        rowKey={({ id }) => id}
        empty={<Empty icon="partners" title={text('partners.none')} hint={text('partners.noneHint')} />}
        columns={[
          {
            id: 'name',
            head: text('partners.name'),
            wide: true,
            cell: ({ name }) => <strong>{name}</strong>,
          },
          {
            id: 'status',
            head: text('ui.state'),
            cell: ({ status }) => (
              <Badge
                tone={status === 'active' ? 'good' : 'bad'}
                icon={status === 'active' ? 'disc' : 'bars'}
                word={text(`partners.status.${status}`)}
              />
            ),
          },
          { id: 'created', head: text('topic.created'), cell: ({ createdAt }) => <Time at={createdAt} /> },
          { id: 'id', head: text('ui.id'), cell: ({ id }) => <Id value={id} short /> },
          {
            id: 'do',
            head: text('ui.actions'),
            cell: (partner) => (
              <span className="page-actions">
                <Admins partnerId={partner.id} name={partner.name} />
                <CompanyLimits {...partner} />
                <Suspend {...partner} />
              </span>
            ),
          },
        ]}
      />
      <Section title={text('partners.invite')} lead={text('partners.inviteLead')}>
        <Invite kind="company" />
        <Invitations />
      </Section>
    </Page>
  );
}

type SuspendProps = { readonly id: string; readonly name: string; readonly status: 'active' | 'suspended' };

function Suspend({ id, name, status }: SuspendProps) {
  const text = useText();
  const update = useWrite(updatePartner, [listPartners, partnerDirectory]);
  const next = status === 'active' ? 'suspended' : 'active';
  const call = { params: { id }, body: { status: next } } as const;
  return (
    <WideAction
      label={text(`partners.to.${next}`)}
      title={text(`partners.toTitle.${next}`, { name })}
      effect={<p>{text(`partners.toEffect.${next}`)}</p>}
      {...(next === 'suspended' && { typed: name, danger: true })}
      busy={update.busy}
      problem={update.error}
      run={() => update.run(call)}
      call={apiCall(updatePartner, call)}
    />
  );
}
