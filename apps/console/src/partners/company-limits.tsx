import { listPartners, updatePartner } from '@anika/contracts/partners';
import { LIMIT_KINDS, type LimitKind } from '@anika/core/company-limits';
import { useState } from 'react';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useMeta } from '../settings/use-meta.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Form } from '../ui/form.tsx';
import { Saved } from '../ui/saved.tsx';
import { TextField } from '../ui/text-field.tsx';

type Of = {
  readonly id: string;
  readonly name: string;
  /** Null: the installation's. */
  readonly limits: Readonly<Record<LimitKind, number | null>>;
};

/** For operators: how many of each a company may have. */
export function CompanyLimits(props: Of) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onPress={() => setOpen(true)}>{text('limits.title')}</Button>
      <Dialog title={text('limits.of', { name: props.name })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p className="lead">{text('limits.ofLead')}</p>
        <LimitsForm {...props} />
      </Dialog>
    </>
  );
}

type Entered = Readonly<Record<LimitKind, string>>;

/** The same for each kind: the compiler names one that is missing. */
function ofEachKind<V>(of: (kind: LimitKind) => V): Record<LimitKind, V> {
  return {
    keys: of('keys'),
    users: of('users'),
    topics: of('topics'),
    grants: of('grants'),
    subscriptions: of('subscriptions'),
  };
}

function LimitsForm({ id, limits }: Of) {
  const text = useText();
  const defaults = useMeta().data?.limits.company;
  const [entered, setEntered] = useState<Entered>(() => ofEachKind((kind) => limits[kind]?.toString() ?? ''));
  const update = useWrite(updatePartner, [listPartners]);
  const call = {
    params: { id },
    body: { limits: ofEachKind((kind) => (entered[kind] === '' ? null : Number(entered[kind]))) },
  };
  return (
    <Form
      onSubmit={() => void update.run(call)}
      submit={text('ui.save')}
      busy={update.busy}
      problem={update.error}
      call={apiCall(updatePartner, call)}
    >
      {LIMIT_KINDS.map((kind) => (
        <TextField
          key={kind}
          name={`limits.${kind}`}
          type="number"
          label={text(`limits.${kind}`)}
          placeholder={defaults?.[kind].toString() ?? ''}
          value={entered[kind]}
          onChange={(value) => setEntered({ ...entered, [kind]: value })}
        />
      ))}
      {update.data !== undefined && <Saved />}
    </Form>
  );
}
