import { beginTotp, confirmTotp, readTotp } from '@anika/contracts/totp';
import { lazy, Suspense, useState } from 'react';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Form } from '../ui/form.tsx';
import { Id } from '../ui/id.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { TextField } from '../ui/text-field.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Few set one up, and everybody loads this page. */
const Qr = lazy(() => import('../ui/qr.tsx').then(({ Qr: component }) => ({ default: component })));

/** The password, then the app's first code, then the recovery codes, which are shown only here. */
export function SetUpFactor({ onDone }: { readonly onDone: () => void }) {
  const begin = useWrite(beginTotp, []);
  const confirm = useWrite(confirmTotp, [readTotp]);
  if (confirm.data !== undefined) {
    return <RecoveryCodes codes={confirm.data.recoveryCodes} onDone={onDone} />;
  }
  if (begin.data === undefined) {
    return (
      <Begin
        busy={begin.busy}
        problem={begin.error}
        onPassword={(password) => void begin.run({ body: { password } })}
      />
    );
  }
  return (
    <Confirm
      {...begin.data}
      busy={confirm.busy}
      problem={confirm.error}
      onCode={(code) => void confirm.run({ body: { code } })}
    />
  );
}

type Step = Pick<Parameters<typeof Form>[0], 'busy' | 'problem'>;

function Begin({ onPassword, ...step }: Step & { readonly onPassword: (password: string) => void }) {
  const text = useText();
  const [password, setPassword] = useState('');
  return (
    <Form
      onSubmit={() => onPassword(password)}
      submit={text('factor.begin')}
      call={apiCall(beginTotp, { body: { password } })}
      {...step}
    >
      <PasswordField
        name="password"
        which="present"
        label={text('settings.currentPassword')}
        value={password}
        onChange={setPassword}
        autoFocus
        required
      />
    </Form>
  );
}

type ConfirmProps = Step & {
  readonly secret: string;
  readonly uri: string;
  readonly onCode: (code: string) => void;
};

function Confirm({ secret, uri, onCode, ...step }: ConfirmProps) {
  const text = useText();
  const [code, setCode] = useState('');
  const entered = code.replaceAll(' ', '');
  return (
    <div className="stack">
      <p>{text('factor.scan')}</p>
      <Suspense fallback={<Waiting />}>
        <Qr value={uri} label={text('factor.qr')} />
      </Suspense>
      <p>{text('factor.type')}</p>
      <Id value={secret} />
      <Form
        onSubmit={() => onCode(entered)}
        submit={text('factor.confirm')}
        wrong={{ 'validation-failed': text('factor.wrongFirst') }}
        call={apiCall(confirmTotp, { body: { code: entered } })}
        {...step}
      >
        <TextField
          name="code"
          label={text('factor.code')}
          hint={text('factor.codeHint')}
          value={code}
          onChange={setCode}
          autoComplete="one-time-code"
          autoFocus
          required
        />
      </Form>
    </div>
  );
}
