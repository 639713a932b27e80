import { listSessions } from '@anika/contracts/auth';
import { endTotp, readTotp, renewRecoveryCodes } from '@anika/contracts/totp';
import { useState } from 'react';
import { apiCall } from '../api/snippets.ts';
import { useOne, useWrite } from '../api/use-api.ts';
import { ProofForm } from '../factor/proof.tsx';
import { RecoveryCodes } from '../factor/recovery-codes.tsx';
import { SetUpFactor } from '../factor/set-up.tsx';
import { useText } from '../i18n/use-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Form } from '../ui/form.tsx';
import { keepFocus } from '../ui/keep-focus.ts';
import { PasswordField } from '../ui/password-field.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { Time } from '../ui/time.tsx';
import { Waiting } from '../ui/waiting.tsx';

type Doing = 'nothing' | 'setting-up' | 'renewing' | 'ending';

/** The own second factor: setting it up, new recovery codes, ending it. */
export function SecondFactor() {
  const text = useText();
  const factor = useOne(readTotp, []);
  const [doing, setDoing] = useState<Doing>('nothing');
  function stop(): void {
    setDoing('nothing');
    keepFocus();
  }
  if (factor.error !== null) return <Problem problem={factor.error} onRetry={factor.refresh} />;
  if (factor.data === undefined) return <Waiting />;
  const { state, since, recoveryCodesLeft, required } = factor.data;
  const isOn = state === 'on';
  return (
    <div className="card stack">
      <Properties
        items={[
          {
            name: text('ui.state'),
            value: (
              <Badge
                tone={isOn ? 'good' : 'off'}
                icon={isOn ? 'disc' : 'slash'}
                word={text(isOn ? 'factor.on' : 'factor.off')}
              />
            ),
          },
          since === null ? undefined : { name: text('factor.since'), value: <Time at={since} /> },
          isOn ? { name: text('factor.codesLeft'), value: recoveryCodesLeft } : undefined,
        ]}
      />
      {required && <p className="field-hint">{text('factor.requiredHint')}</p>}
      {doing === 'setting-up' && <SetUpFactor onDone={stop} />}
      {doing === 'renewing' && <Renew onDone={stop} />}
      {doing === 'ending' && <End onDone={stop} />}
      {doing === 'nothing' && !isOn && (
        <p>
          <Button kind="primary" onPress={() => setDoing('setting-up')}>
            {text('factor.setUp')}
          </Button>
        </p>
      )}
      {doing === 'nothing' && isOn && (
        <div className="page-actions">
          <Button onPress={() => setDoing('renewing')}>{text('factor.renew')}</Button>
          <Button kind="danger" onPress={() => setDoing('ending')}>
            {text('factor.end')}
          </Button>
        </div>
      )}
    </div>
  );
}

function Renew({ onDone }: { readonly onDone: () => void }) {
  const text = useText();
  const renew = useWrite(renewRecoveryCodes, [readTotp]);
  if (renew.data !== undefined) return <RecoveryCodes codes={renew.data.recoveryCodes} onDone={onDone} />;
  return (
    <>
      <p>{text('factor.renewEffect')}</p>
      <ProofForm
        submit={text('factor.renew')}
        busy={renew.busy}
        problem={renew.error}
        onProof={(body) => void renew.run({ body })}
        callOf={(body) => apiCall(renewRecoveryCodes, { body })}
        beside={<Button onPress={onDone}>{text('ui.cancel')}</Button>}
      />
    </>
  );
}

function End({ onDone }: { readonly onDone: () => void }) {
  const text = useText();
  const [password, setPassword] = useState('');
  const end = useWrite(endTotp, [readTotp, listSessions]);
  async function submit() {
    if ((await end.run({ body: { password } })) !== undefined) onDone();
  }
  return (
    <>
      <p>{text('factor.endEffect')}</p>
      <Form
        onSubmit={() => void submit()}
        submit={text('factor.end')}
        busy={end.busy}
        problem={end.error}
        danger
        call={apiCall(endTotp, { body: { password } })}
        beside={<Button onPress={onDone}>{text('ui.cancel')}</Button>}
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
    </>
  );
}
