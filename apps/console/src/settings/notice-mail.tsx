import { getNoticeSettings, type noticeSettings, updateNoticeSettings } from '@anika/contracts/notices';
import { listUsers } from '@anika/contracts/partners';
import { MAIL_LANGUAGES, MAIL_RHYTHMS } from '@anika/core/notice/mail-settings';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { ApiProblem } from '../api/api.ts';
import { type ApiCall, apiCall } from '../api/snippets.ts';
import { useList, useOne, useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { NoticeTypes } from '../notices/notice-types.tsx';
import { useMay, useSession } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';
import { Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Saved } from '../ui/saved.tsx';
import { Select } from '../ui/text-field.tsx';
import { Waiting } from '../ui/waiting.tsx';

const route = getRouteApi('/settings');
const AS_THE_ROLE_HAS = { email: null, types: null, language: null };

type Settings = z.output<typeof noticeSettings>;

/** Which notices come by e-mail: one's own, and to admins those of everybody. */
export function NoticeMail() {
  const text = useText();
  const may = useMay();
  const session = useSession();
  const { user } = route.useSearch();
  const userId = (may.administer ? user : undefined) ?? session.userId;
  return (
    <Section title={text('mail.title')} lead={text('mail.lead')}>
      {may.administer && <Whose userId={userId} />}
      <OfUser key={userId} userId={userId} />
    </Section>
  );
}

function Whose({ userId }: { readonly userId: string }) {
  const text = useText();
  const session = useSession();
  const navigate = route.useNavigate();
  const people = useList(listUsers, { query: { limit: 200 } }, { refreshMs: false });
  const options = people.items.map(({ id, name, email }) => ({
    value: id,
    label: id === session.userId ? `${name ?? email} · ${text('settings.you')}` : (name ?? email),
  }));
  return (
    <div className="form">
      <Select
        name="user"
        label={text('mail.whose')}
        value={userId}
        onChange={(id) =>
          void navigate({ search: { tab: 'notices', user: id === session.userId ? undefined : id } })
        }
        options={options}
      />
    </div>
  );
}

function OfUser({ userId }: { readonly userId: string }) {
  const params = { id: userId };
  const { data, error, refresh } = useOne(getNoticeSettings, [{ params }]);
  const update = useWrite(updateNoticeSettings, [getNoticeSettings]);
  if (data === undefined) return error === null ? <Waiting /> : <Problem problem={error} onRetry={refresh} />;
  return (
    <>
      <Change
        key={JSON.stringify(data)}
        settings={data}
        onSave={(body) => void update.run({ params, body })}
        callOf={(body) => apiCall(updateNoticeSettings, { params, body })}
        busy={update.busy}
        problem={update.error}
      />
      {update.data !== undefined && <Saved />}
    </>
  );
}

type ChangeProps = {
  readonly settings: Settings;
  readonly onSave: (body: Settings | typeof AS_THE_ROLE_HAS) => void;
  readonly callOf: (body: Settings) => ApiCall;
  readonly busy: boolean;
  readonly problem: ApiProblem | null;
};

function Change({ settings, onSave, callOf, busy, problem }: ChangeProps) {
  const text = useText();
  const [entered, setEntered] = useState(settings);
  return (
    <Form
      onSubmit={() => onSave(entered)}
      submit={text('ui.save')}
      busy={busy}
      problem={problem}
      call={callOf(entered)}
      beside={
        <Button kind="quiet" onPress={() => onSave(AS_THE_ROLE_HAS)}>
          {text('mail.asRole')}
        </Button>
      }
    >
      <div className="form-row">
        <Select
          name="email"
          label={text('mail.rhythm')}
          hint={text(`mail.rhythmHint.${entered.email}`)}
          value={entered.email}
          onChange={(email) => setEntered({ ...entered, email })}
          options={MAIL_RHYTHMS.map((value) => ({ value, label: text(`mail.rhythm.${value}`) }))}
        />
        <Select
          name="language"
          label={text('mail.language')}
          value={entered.language ?? ''}
          onChange={(value) => setEntered({ ...entered, language: value === '' ? null : value })}
          options={[
            { value: '', label: text('mail.language.both') },
            ...MAIL_LANGUAGES.map((value) => ({ value, label: text(`mail.language.${value}`) })),
          ]}
        />
      </div>
      {entered.email !== 'none' && (
        <NoticeTypes
          legend={text('mail.types')}
          chosen={entered.types}
          onChange={(types) => setEntered({ ...entered, types: [...types] })}
        />
      )}
    </Form>
  );
}
