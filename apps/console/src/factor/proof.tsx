import { type ReactNode, useState } from 'react';
import type { ApiProblem } from '../api/api.ts';
import type { ApiCall } from '../api/snippets.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';
import { TextField } from '../ui/text-field.tsx';

export type Proof = { readonly code: string } | { readonly recoveryCode: string };

type Props = {
  readonly submit: string;
  readonly onProof: (proof: Proof) => void;
  /** What it would send; left out where only the console does it. */
  readonly callOf?: (proof: Proof) => ApiCall;
  readonly busy: boolean;
  readonly problem: ApiProblem | null;
  /** What else a code means here. */
  readonly wrong?: Readonly<Record<string, string>>;
  readonly danger?: boolean;
  readonly beside?: ReactNode;
};

/** A code of the app or, where it is lost, a recovery code. */
export function ProofForm({ onProof, callOf, beside, wrong, ...form }: Props) {
  const text = useText();
  const [kind, setKind] = useState<'code' | 'recoveryCode'>('code');
  const [entered, setEntered] = useState('');
  const isCode = kind === 'code';
  const proof: Proof = isCode ? { code: entered.replaceAll(' ', '') } : { recoveryCode: entered };
  function change() {
    setKind(isCode ? 'recoveryCode' : 'code');
    setEntered('');
  }
  return (
    <Form
      {...form}
      wrong={{ 'validation-failed': text('factor.wrong'), ...wrong }}
      onSubmit={() => onProof(proof)}
      call={callOf?.(proof)}
      beside={
        <>
          <Button kind="quiet" onPress={change}>
            {text(isCode ? 'factor.useRecovery' : 'factor.useCode')}
          </Button>
          {beside}
        </>
      }
    >
      <TextField
        key={kind}
        name={kind}
        label={text(isCode ? 'factor.code' : 'factor.recoveryCode')}
        hint={text(isCode ? 'factor.codeHint' : 'factor.recoveryHint')}
        value={entered}
        onChange={setEntered}
        autoComplete={isCode ? 'one-time-code' : 'off'}
        autoFocus
        required
      />
    </Form>
  );
}
