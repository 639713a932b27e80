import { createApiKey, deleteApiKey, listApiKeys } from '@anika/contracts/partners';
import { SCOPES, type Scope } from '@anika/core/access';
import { useState } from 'react';
import { apiCall } from '../api/snippets.ts';
import { useList, useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Empty } from '../ui/empty.tsx';
import { Form } from '../ui/form.tsx';
import { Id } from '../ui/id.tsx';
import { List } from '../ui/list.tsx';
import { Section } from '../ui/page.tsx';
import { Checkbox, TextField } from '../ui/text-field.tsx';
import { Time } from '../ui/time.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { Until } from '../ui/until.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { LimitHint } from './limit-hint.tsx';

export function Keys() {
  const text = useText();
  const list = useList(listApiKeys, { query: { limit: 50 } });
  const revoke = useWrite(deleteApiKey, [listApiKeys]);
  return (
    <>
      <Section title={text('keys.new')} lead={text('keys.newLead')}>
        <LimitHint kind="keys" />
        <NewKey />
      </Section>
      <Section title={text('settings.keys')}>
        <List
          label={text('settings.keys')}
          list={list}
          rowKey={({ id }) => id}
          empty={<Empty icon="settings" title={text('keys.none')} hint={text('keys.noneHint')} />}
          columns={[
            {
              id: 'name',
              head: text('keys.name'),
              wide: true,
              cell: ({ name, hint }) => (
                <span>
                  {name}
                  <span className="under">
                    <code>ank_…{hint}</code>
                  </span>
                </span>
              ),
            },
            {
              id: 'scopes',
              head: text('keys.scopes'),
              cell: ({ scopes }) => scopes.map((scope) => text(`scope.${scope}`)).join(', '),
            },
            {
              id: 'used',
              head: text('settings.lastUsed'),
              cell: ({ lastUsedAt }) => (lastUsedAt === null ? text('keys.never') : <Time at={lastUsedAt} />),
            },
            {
              id: 'until',
              head: text('grant.until'),
              cell: ({ expiresAt }) => <Until at={expiresAt} />,
            },
            { id: 'created', head: text('topic.created'), cell: ({ createdAt }) => <Time at={createdAt} /> },
            {
              id: 'do',
              head: text('ui.actions'),
              cell: ({ id, name }) => (
                <WideAction
                  label={text('keys.revoke')}
                  title={text('keys.revokeTitle', { name })}
                  effect={<p>{text('keys.revokeEffect')}</p>}
                  danger
                  busy={revoke.busy}
                  problem={revoke.error}
                  run={() => revoke.run({ params: { id } })}
                  call={apiCall(deleteApiKey, { params: { id } })}
                />
              ),
            },
          ]}
        />
      </Section>
    </>
  );
}

function NewKey() {
  const text = useText();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['publish']);
  const [expiresAt, setExpiresAt] = useState('');
  const create = useWrite(createApiKey, [listApiKeys]);
  const body = { name, scopes: [...scopes], ...(expiresAt !== '' && { expiresAt }) };
  const toggle = (scope: Scope) => (checked: boolean) =>
    setScopes((before) => (checked ? [...before, scope] : before.filter((one) => one !== scope)));
  return (
    <div className="card">
      <Form
        onSubmit={() => void create.run({ body })}
        submit={text('keys.create')}
        busy={create.busy}
        problem={create.error}
        disabledBecause={scopes.length === 0 ? text('keys.noScope') : undefined}
        call={apiCall(createApiKey, { body })}
      >
        <div className="form-row">
          <TextField name="name" label={text('keys.name')} value={name} onChange={setName} required />
          <TimeField
            name="expiresAt"
            label={text('grant.until')}
            hint={text('grant.untilHint')}
            value={expiresAt}
            onChange={setExpiresAt}
          />
        </div>
        <fieldset className="stack-tight">
          <legend className="field-label">{text('keys.scopes')}</legend>
          {SCOPES.map((scope) => (
            <Checkbox
              key={scope}
              label={text(`scope.${scope}`)}
              hint={text(`scopeHint.${scope}`)}
              checked={scopes.includes(scope)}
              onChange={toggle(scope)}
            />
          ))}
        </fieldset>
      </Form>
      {create.data !== undefined && (
        <div className="note note-wait" role="status">
          <p>{text('keys.once')}</p>
          <Id value={create.data.key} />
        </div>
      )}
    </div>
  );
}
