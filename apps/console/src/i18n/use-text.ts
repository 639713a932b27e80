import { useCallback } from 'react';
import { type IntlShape, type PrimitiveType, useIntl } from 'react-intl';
import type { MessageId } from '../messages/catalogue.ts';
import { visibleText } from '../ui/visible-text.ts';

export type Values = Readonly<Record<string, PrimitiveType>>;
/** A text of the catalogue in the present language. */
export type Text = (id: MessageId, values?: Values) => string;

export function useText(): Text {
  const { formatMessage } = useIntl();
  return useCallback((id, values) => formatMessage({ id }, visibleValues(values)), [formatMessage]);
}

/** A text whose name is put together from what the API says; undefined where the catalogue has none. */
export function textFor(intl: IntlShape, name: string, values?: Values): string | undefined {
  return Object.hasOwn(intl.messages, name)
    ? intl.formatMessage({ id: name }, visibleValues(values))
    : undefined;
}

/**
 * What partners call their things stands within sentences: nothing that is not seen in it turns them around. Letters that
 * are written from right to left stay in the order that the browser gives them.
 */
function visibleValues(values: Values | undefined): Values | undefined {
  if (values === undefined) return undefined;
  const shown = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? visibleText(value) : value,
  ]);
  return Object.fromEntries(shown);
}
