import type { filterLine, ruleFact } from '@anika/contracts/explain';
import { type IntlShape, useIntl } from 'react-intl';
import type { z } from 'zod';
import { listOf } from '../i18n/list-of.ts';
import { type Text, useText } from '../i18n/use-text.ts';
import { Icon } from '../ui/icons.tsx';
import { momentText } from '../ui/time.tsx';
import { Visible } from '../ui/visible.tsx';

type Fact = z.output<typeof ruleFact>;
type Line = z.output<typeof filterLine>;
type Condition = Exclude<Line, { join: string }>;

/** What a rule has compared, in the language of the page. */
export function RuleFact({ fact }: { readonly fact: Fact }) {
  const intl = useIntl();
  const text = useText();
  if (fact.says === 'conditions') return <Lines lines={fact.lines} />;
  if (fact.says === 'filter')
    return (
      <code>
        <Visible text={fact.filter} />
      </code>
    );
  return <span>{factSentence(fact, text, intl)}</span>;
}

type Said = Exclude<Fact, { says: 'conditions' | 'filter' }>;

/** In one sentence or two. */
export function factSentence(fact: Said, text: Text, intl: IntlShape): string {
  const when = (iso: string) => momentText(intl, iso, 'millisecond');
  switch (fact.says) {
    case 'grant-in-force': {
      const { version, until } = fact;
      if (until === null) return text('fact.grant-unlimited', { version });
      return text('fact.grant-in-force', { version, until: when(until) });
    }
    case 'grant-expired':
      return text('fact.grant-expired', { version: fact.version, until: fact.until && when(fact.until) });
    case 'grant-ended':
      return text(`fact.grant-ended.${fact.by ?? 'nobody'}`, {
        version: fact.version,
        at: fact.at && when(fact.at),
      });
    case 'types': {
      const types = text('fact.types', { types: listOf(intl.locale, fact.types), more: fact.more });
      return fact.type === null ? types : `${types} ${text('fact.type', { type: fact.type })}`;
    }
    case 'for-named':
      return text('fact.for-named', { count: fact.count });
    case 'granted-since': {
      const then =
        fact.acceptedAt === null ? text('fact.older') : text('fact.accepted', { at: when(fact.acceptedAt) });
      return `${text('fact.granted-since', { since: when(fact.since) })} ${then}`;
    }
    case 'subscription': {
      const state = text('fact.subscription', { state: text(`subscription.state.${fact.state}`) });
      return fact.state === 'active' ? state : `${state} ${text('fact.waits')}`;
    }
    case 'made-at': {
      const accepted = text('fact.accepted', { at: when(fact.acceptedAt) });
      return fact.madeAt === null
        ? accepted
        : `${text('fact.made-at', { at: when(fact.madeAt) })} ${accepted}`;
    }
    default:
      return text(`fact.${fact.says}`);
  }
}

/** A filter, line by line: what it asks for, whether that holds, and what is there. */
function Lines({ lines }: { readonly lines: readonly Line[] }) {
  const text = useText();
  return (
    <ul className="filter-lines">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of an answer do not move
        <li key={index} style={{ paddingInlineStart: `${line.level * 1.25}rem` }}>
          <span className={line.held ? 'line-held' : 'line-not-held'}>
            <Icon name={line.held ? 'check' : 'cross'} />
            <span className="visually-hidden">{text(line.held ? 'explain.held' : 'explain.notHeld')}</span>
          </span>
          <span>{'join' in line ? text(`fact.join.${line.join}`) : conditionSentence(line, text)}</span>
        </li>
      ))}
    </ul>
  );
}

export function conditionSentence({ path, operator, asked, found, there }: Condition, text: Text): string {
  const value = valuesText(asked, text);
  const wanted =
    operator === 'exists' ? text('fact.exists', { path }) : text(`operator.${operator}`, { path, value });
  const is = text(`fact.found.${found}`, { list: valuesText(there, text) });
  return text('fact.condition', { wanted, is });
}

function valuesText({ values, more }: Condition['asked'], text: Text): string {
  const list = values.join(', ');
  return more === 0 ? list : text('fact.more', { list, more });
}
