import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import { listOf } from '../i18n/list-of.ts';
import { useText } from '../i18n/use-text.ts';
import { Id } from '../ui/id.tsx';
import { grantSentences } from './sentences.ts';
import { fingerprintOf, type Grant, type Terms } from './terms.ts';

type Props = { readonly terms: Terms; readonly reader: string; readonly topic: string };

/** The terms as one would say them. */
export function TermsInWords({ terms, reader, topic }: Props) {
  const text = useText();
  const intl = useIntl();
  const sentences = grantSentences(terms, text, {
    reader,
    topic,
    time: (iso) => intl.formatDate(iso, { dateStyle: 'long', timeStyle: 'short' }),
    list: (items) => listOf(intl.locale, items),
  });
  return (
    <ul className="sentences">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

/** Read to each other over the phone, it agrees or it does not. */
export function Fingerprint({ grant }: { readonly grant: Grant }) {
  const [shown, setShown] = useState<string>();
  useEffect(() => {
    let wanted = true;
    void fingerprintOf(grant).then((one) => {
      if (wanted) setShown(one);
    });
    return () => {
      wanted = false;
    };
  }, [grant]);
  return shown === undefined ? '…' : <Id value={shown} />;
}
