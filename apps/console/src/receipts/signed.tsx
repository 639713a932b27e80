import { jwks } from '@anika/contracts/auth';
import { useEffect, useState } from 'react';
import { useOne } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Id } from '../ui/id.tsx';
import { Properties } from '../ui/properties.tsx';
import { receiptIn, type Verdict, verifyReceipt } from './verify-receipt.ts';

/** Checked in this browser against the public keys of the installation. */
export function useVerdict(text: string | undefined): Verdict | undefined {
  const keys = useOne(jwks, []).data?.keys;
  const [judged, setJudged] = useState<{ readonly text: string; readonly verdict: Verdict }>();
  useEffect(() => {
    let wanted = true;
    if (text === undefined || keys === undefined) return;
    void verifyReceipt(text, keys).then((verdict) => {
      if (wanted) setJudged({ text, verdict });
    });
    return () => {
      wanted = false;
    };
  }, [text, keys]);
  // Not of another text, while this one is looked at.
  return judged?.text === text ? judged?.verdict : undefined;
}

export function VerdictBadge({ verdict }: { readonly verdict: Verdict }) {
  const t = useText();
  const good = verdict.kind === 'genuine';
  return (
    <Badge
      tone={good ? 'good' : 'bad'}
      icon={good ? 'disc' : 'cross'}
      word={t(`receipt.verdict.${verdict.kind}`)}
    />
  );
}

/** A receipt as it can be kept and shown to somebody else. */
export function Signed({ text, name }: { readonly text: string; readonly name: string }) {
  const t = useText();
  const verdict = useVerdict(text);
  const file = `data:application/json;charset=utf-8,${encodeURIComponent(text)}`;
  return (
    <Properties
      items={[
        { name: t('receipt.fingerprint'), value: <Id value={receiptIn(text)?.fingerprint ?? ''} /> },
        {
          name: t('receipt.verified'),
          value: verdict === undefined ? '…' : <VerdictBadge verdict={verdict} />,
        },
        {
          name: t('receipt.keep'),
          value: (
            <a href={file} download={`${name}.json`}>
              {t('receipt.download')}
            </a>
          ),
        },
      ]}
    />
  );
}
