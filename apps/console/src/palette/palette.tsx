import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { menuOf } from '../shell/menu.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { Visible } from '../ui/visible.tsx';
import { fitting } from './fits.ts';
import { looksSecret, pastedId } from './ids.ts';
import type { Option, OptionGroup } from './options.ts';
import { type PageCommands, pageActions, useCommands } from './use-commands.ts';
import { useMessages, useNamed, usePageOf } from './use-things.ts';

const COMMANDS_SHOWN = 6;

type Props = PageCommands & { readonly isOpen: boolean; readonly onClose: () => void };

/** Everything from one field: pages, actions, things by their names and words, and whatever has an id. */
export function Palette({ isOpen, ...rest }: Props) {
  const text = useText();
  return (
    <Dialog title={text('palette.title')} isOpen={isOpen} onClose={rest.onClose}>
      <Choices {...rest} />
    </Dialog>
  );
}

type Found = {
  readonly groups: readonly OptionGroup[];
  readonly isLooking: boolean;
  readonly isSecret: boolean;
};

function useFound(entered: string, commands: PageCommands): Found {
  const text = useText();
  const { role } = useSession();
  const isSecret = looksSecret(entered);
  const pasted = pastedId(entered);
  const words = pasted === undefined && !isSecret ? entered : '';
  const byId = usePageOf(pasted);
  const messages = useMessages(words);
  const named = useNamed(words);
  const [actions] = useState(pageActions);
  const doable = fitting(words, [...actions, ...useCommands(commands)]);
  const pages = menuOf(role).flatMap(({ items }) =>
    items.map(({ to, text: id, icon }): Option => ({ key: to, name: text(id), icon, to })),
  );
  const groups = [
    byId.group,
    { name: text('palette.pages'), options: fitting(words, pages) },
    ...named,
    { name: text('palette.actions'), options: doable.slice(0, COMMANDS_SHOWN) },
    messages.group,
  ];
  const shown = pasted !== undefined ? [byId.group] : isSecret ? [] : groups;
  return {
    groups: shown.filter(({ options }) => options.length > 0),
    isLooking: byId.isLooking || messages.isLooking,
    isSecret,
  };
}

function Choices({ onClose, ...commands }: Omit<Props, 'isOpen'>) {
  const text = useText();
  const id = useId();
  const router = useRouter();
  const [entered, setEntered] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = useFound(entered, commands);
  const options = found.groups.flatMap((group) => group.options);
  const at = Math.min(chosen, options.length - 1);
  const idOf = (option: Option | undefined) => (option === undefined ? undefined : `${id}-${option.key}`);
  const current = options[at];
  const currentId = idOf(current);
  useEffect(() => {
    if (currentId !== undefined) document.getElementById(currentId)?.scrollIntoView({ block: 'nearest' });
  }, [currentId]);

  function choose(option: Option | undefined) {
    if (option === undefined) return;
    onClose();
    const { to } = option;
    if (typeof to === 'string') router.history.push(router.basepath + to);
    // Once the dialog has given the page back.
    else requestAnimationFrame(to);
  }
  function onKey(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((at + step + options.length) % Math.max(options.length, 1));
    }
    if (event.key === 'Enter') choose(current);
  }
  return (
    <div className="palette">
      <input
        className="input"
        type="search"
        role="combobox"
        aria-expanded={options.length > 0}
        aria-controls={`${id}-options`}
        aria-autocomplete="list"
        aria-activedescendant={currentId}
        aria-label={text('palette.label')}
        placeholder={text('palette.placeholder')}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: whoever opens it wants to type
        autoFocus
        value={entered}
        onChange={({ currentTarget: { value } }) => {
          setEntered(value);
          setChosen(0);
        }}
        onKeyDown={onKey}
      />
      <div id={`${id}-options`} role="listbox" aria-label={text('palette.title')}>
        {found.groups.map(({ name, options: own }) => (
          // biome-ignore lint/a11y/useSemanticElements: a list box holds groups, no fieldsets
          <div key={name} role="group" aria-label={name}>
            <p className="palette-group" aria-hidden="true">
              {name}
            </p>
            {own.map((option) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above
              <div
                key={option.key}
                id={idOf(option)}
                role="option"
                tabIndex={-1}
                aria-selected={option === current}
                onClick={() => choose(option)}
              >
                <Icon name={option.icon} />
                <span className="palette-name">
                  <Visible text={option.name} />
                </span>
                {option.note !== undefined && (
                  <span className="palette-note">
                    <Visible text={option.note} />
                  </span>
                )}
              </div>
            ))}
          </div>
        ))}
      </div>
      <p className="field-hint" role="status">
        <Hint {...found} count={options.length} />
      </p>
    </div>
  );
}

function Hint({ isLooking, isSecret, count }: Omit<Found, 'groups'> & { readonly count: number }) {
  const text = useText();
  if (isSecret) return text('palette.secret');
  if (isLooking) return text('palette.looking');
  return count === 0 ? text('palette.none') : text('palette.hint', { count });
}
