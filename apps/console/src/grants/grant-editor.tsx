import {
  approveAccessRequest,
  listAccessRequests,
  putGrant,
  refuseAccessRequest,
} from '@anika/contracts/grants';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { apiCall } from '../api/snippets.ts';
import { useList, useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { DraftNote } from '../session/draft-note.tsx';
import { useDraft } from '../session/use-draft.ts';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';
import { Section } from '../ui/page.tsx';
import { Saved } from '../ui/saved.tsx';
import { TextArea } from '../ui/text-field.tsx';
import { Preview } from './preview.tsx';
import { OF_GRANTS } from './stale.ts';
import type { Grant, Terms } from './terms.ts';
import { bodyOf, enteredOf, NO_TERMS, TermsFields, termsOf } from './terms-form.tsx';
import { TermsInWords } from './terms-view.tsx';

type Props = {
  readonly topicId: string;
  readonly partnerId: string;
  readonly names: { readonly reader: string; readonly topic: string };
  readonly grant: Grant | undefined;
  /** The request that these terms would answer. */
  readonly request: string | undefined;
};

/** Asked for, by a request that is still open. */
function useRequest(id: string | undefined) {
  const { items, isLoading } = useList(
    listAccessRequests,
    { query: { direction: 'in' as const, state: 'requested' as const, limit: 200 } },
    { enabled: id !== undefined },
  );
  return { request: items.find((one) => one.id === id), isLoading };
}

/** An ended grant begins anew with its own terms, but for its end. */
function firstTerms(grant: Grant | undefined, asked: Pick<Terms, 'purpose' | 'expiresAt'>): Terms {
  if (grant === undefined) return { ...NO_TERMS, ...asked };
  return { ...grant, expiresAt: grant.state === 'active' ? grant.expiresAt : asked.expiresAt };
}

export function GrantEditor(props: Props) {
  const { request, isLoading } = useRequest(props.request);
  const [begun, setBegun] = useState(0);
  if (isLoading) return null;
  const asked = { purpose: request?.purpose ?? null, expiresAt: request?.until ?? null };
  return (
    <Writing
      {...props}
      key={`${request?.id} ${begun}`}
      beginAnew={() => setBegun((before) => before + 1)}
      request={request?.id}
      purpose={request?.purpose}
      first={firstTerms(props.grant, asked)}
    />
  );
}

type WritingProps = Props & {
  readonly first: Terms;
  readonly purpose: string | undefined;
  readonly beginAnew: () => void;
};

function Writing(props: WritingProps) {
  const { topicId, partnerId, names, grant, request, first, purpose, beginAnew } = props;
  const text = useText();
  const put = useWrite(putGrant, OF_GRANTS);
  const [begunWith] = useState(grant?.version ?? 0);
  const version = put.data?.version ?? begunWith;
  // Of this version alone: beside other terms it would mean something else.
  const draft = useDraft(`grant.${topicId}.${partnerId}.${request ?? `v${version}`}`, enteredOf(first));
  const approve = useWrite(approveAccessRequest, OF_GRANTS);
  const navigate = useNavigate();
  const write = request === undefined ? put : approve;
  const terms = termsOf(draft.value);
  const putCall = (of: Terms) => ({ params: { id: topicId, partnerId }, body: bodyOf(of) });
  async function send() {
    if (terms === undefined) return;
    const done =
      request === undefined
        ? await put.run(putCall(terms))
        : await approve.run({ params: { id: request }, body: bodyOf(terms) });
    if (done === undefined) return;
    draft.clear();
    if (request === undefined) return;
    await navigate({ to: '/access/$topicId/$partnerId', params: { topicId, partnerId }, search: {} });
  }
  const button =
    request !== undefined ? 'request.approve' : grant === undefined ? 'grant.give' : 'grant.change';
  return (
    <>
      {request !== undefined && (
        <p className="note">{text('request.asked', { reader: names.reader, purpose: purpose ?? '' })}</p>
      )}
      {grant !== undefined && grant.version > version && (
        <div className="note note-wait draft" role="status">
          <span>{text('grant.changedMeanwhile', { now: grant.version, before: version })}</span>
          <Button kind="quiet" onPress={beginAnew}>
            {text('grant.beginAnew')}
          </Button>
        </div>
      )}
      <div className="columns">
        <Section title={text(grant === undefined ? 'grant.newTerms' : 'grant.changeTerms')}>
          <Form
            onSubmit={() => void send()}
            submit={text(button)}
            busy={write.busy}
            problem={write.error}
            disabledBecause={terms === undefined ? text('grant.filterBroken') : undefined}
            call={
              terms === undefined
                ? undefined
                : request === undefined
                  ? apiCall(putGrant, putCall(terms))
                  : apiCall(approveAccessRequest, { params: { id: request }, body: bodyOf(terms) })
            }
          >
            <DraftNote draft={draft} />
            <TermsFields entered={draft.value} onChange={draft.set} />
          </Form>
          {put.data !== undefined && <Saved />}
          {request !== undefined && <Refuse request={request} />}
        </Section>
        {terms !== undefined && (
          <div className="stack">
            <Section title={text('grant.wouldRead')}>
              <TermsInWords terms={terms} reader={names.reader} topic={names.topic} />
            </Section>
            <Preview topicId={topicId} partnerId={partnerId} terms={terms} />
          </div>
        )}
      </div>
    </>
  );
}

function Refuse({ request }: { readonly request: string }) {
  const text = useText();
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const refuse = useWrite(refuseAccessRequest, OF_GRANTS);
  async function send() {
    const done = await refuse.run({ params: { id: request }, body: { reason } });
    if (done !== undefined) await navigate({ to: '/access', search: { tab: 'in' } });
  }
  return (
    <details className="more-filters">
      <summary>{text('request.refuseInstead')}</summary>
      <Form
        onSubmit={() => void send()}
        submit={text('request.refuse')}
        busy={refuse.busy}
        problem={refuse.error}
        call={apiCall(refuseAccessRequest, { params: { id: request }, body: { reason } })}
        danger
      >
        <TextArea
          name="reason"
          label={text('request.reason')}
          value={reason}
          onChange={setReason}
          rows={2}
          required
        />
      </Form>
    </details>
  );
}
