import { useIntl } from 'react-intl';
import { textFor, useText } from '../i18n/use-text.ts';
import { Icon } from '../ui/icons.tsx';
import type { Connection } from './use-connection.ts';

/** What is away, since when, and what still works; that it is back. Said to who listens to the page as well. */
export function Outage({ connection }: { readonly connection: Connection }) {
  const text = useText();
  return (
    <div className="outage" role="status">
      {connection.kind === 'back' && (
        <p className="note note-good">
          <Icon name="check" /> {text('connection.back')}
        </p>
      )}
      {'sinceMs' in connection && <Trouble connection={connection} />}
    </div>
  );
}

function Trouble({ connection }: { readonly connection: Extract<Connection, { sinceMs: number }> }) {
  const text = useText();
  const intl = useIntl();
  const time = intl.formatTime(connection.sinceMs, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return (
    <div className="note note-wait">
      <p>
        <Icon name="warning" /> <strong>{text(`connection.${connection.kind}`, { time })}</strong>
      </p>
      {connection.kind === 'stores' ? (
        connection.missing.map((store) => (
          <p key={store}>{textFor(intl, `connection.store.${store}`) ?? store}</p>
        ))
      ) : (
        <p>{text(`connection.${connection.kind}Hint`)}</p>
      )}
    </div>
  );
}
