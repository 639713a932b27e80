import { useQueryClient } from '@tanstack/react-query';
import { LANGUAGES, THEMES, usePreferences } from '../i18n/preferences.tsx';
import { useText } from '../i18n/use-text.ts';
import { useMay, useSession } from '../session/session-context.ts';
import { LANGUAGE_NAMES } from '../shell/switches.tsx';
import type { IconName } from '../ui/icons.tsx';
import type { Option } from './options.ts';

export type PageCommands = { readonly openSheet: () => void; readonly toggleTail: () => void };

/** What can be done from everywhere. */
export function useCommands({ openSheet, toggleTail }: PageCommands): readonly Option[] {
  const text = useText();
  const may = useMay();
  const { signOut } = useSession();
  const cache = useQueryClient();
  const { change, letters } = usePreferences();
  const option = (key: string, icon: IconName, name: string, to: Option['to']): Option => ({
    key,
    icon,
    name,
    to,
  });
  const all: readonly (Option | false)[] = [
    may.manage && option('new-topic', 'plus', text('topic.create'), '/topics/new'),
    may.manage && option('new-subscription', 'plus', text('subscription.create'), '/subscriptions/new'),
    may.administer && option('invite', 'person', text('palette.invite'), '/settings?tab=people'),
    may.administer && option('key', 'plus', text('keys.new'), '/settings?tab=keys'),
    may.operate && option('company', 'plus', text('partners.invite'), '/partners'),
    !may.operate && option('tail', 'tail', text('palette.tail'), toggleTail),
    option('refresh', 'refresh', text('palette.refresh'), () => void cache.invalidateQueries()),
    option('link', 'copy', text('palette.copyLink'), () => {
      void navigator.clipboard.writeText(location.href);
    }),
    option('print', 'receipt', text('palette.print'), () => window.print()),
    option('keys', 'developers', text('keyboard.title'), openSheet),
    option('letters', 'developers', text(letters ? 'keyboard.off' : 'keyboard.on'), () => {
      change({ letters: !letters });
    }),
    ...LANGUAGES.map((language) =>
      option(
        `language-${language}`,
        'screen',
        `${text('shell.language')}: ${LANGUAGE_NAMES[language]}`,
        () => {
          change({ language });
        },
      ),
    ),
    ...THEMES.map((theme) =>
      option(`theme-${theme}`, 'sun', `${text('shell.theme')}: ${text(`shell.theme.${theme}`)}`, () => {
        change({ theme });
      }),
    ),
    option('utc', 'clock', `${text('shell.zone')}: UTC`, () => change({ zone: 'UTC' })),
    option('zone', 'clock', `${text('shell.zone')}: ${text('palette.zoneBrowser')}`, () => {
      change({ zone: undefined });
    }),
    option('out', 'external', text('shell.signOut'), () => void signOut()),
  ];
  return all.filter((one) => one !== false);
}

const ACTIONS = 'main .page-head .page-actions :is(button, a):not([aria-disabled])';

/** What the page offers to do, as its own buttons say. */
export function pageActions(): readonly Option[] {
  return [...document.querySelectorAll<HTMLElement>(ACTIONS)].flatMap((button, index): Option[] => {
    const name = button.ariaLabel ?? button.textContent.trim();
    return name === '' ? [] : [{ key: `action-${index}`, icon: 'next', name, to: () => button.click() }];
  });
}
