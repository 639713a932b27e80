import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { useTopics } from '../topics/topic-name.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { pageOfId } from './go-to.ts';
import { menuOf } from './menu.ts';

type Place = { readonly to: string; readonly name: string; readonly icon: IconName };
const SHOWN = 12;

/** Every page, every topic by its name, and whatever has an id that is pasted here. */
export function Palette({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const text = useText();
  return (
    <Dialog title={text('palette.title')} isOpen={isOpen} onClose={onClose}>
      <Places onClose={onClose} />
    </Dialog>
  );
}

function usePlaces(entered: string): readonly Place[] {
  const text = useText();
  const { role } = useSession();
  const topics = useTopics();
  const pages = menuOf(role).flatMap(({ items }) =>
    items.map(({ to, text: id, icon }): Place => ({ to, name: text(id), icon })),
  );
  const page = pageOfId(entered);
  if (page !== undefined) return [{ to: page, name: entered.trim(), icon: 'next' }];
  const words = entered.trim().toLocaleLowerCase();
  const found = (name: string) => name.toLocaleLowerCase().includes(words);
  const named = [...topics.values()].map(
    ({ id, name }): Place => ({ to: `/topics/${id}`, name, icon: 'topic' }),
  );
  return [...pages, ...named].filter(({ name }) => found(name)).slice(0, SHOWN);
}

function Places({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  const id = useId();
  const navigate = useNavigate();
  const [entered, setEntered] = useState('');
  const [chosen, setChosen] = useState(0);
  const places = usePlaces(entered);
  const at = Math.min(chosen, places.length - 1);

  function go(place: Place | undefined) {
    if (place === undefined) return;
    onClose();
    void navigate({ to: place.to });
  }
  function onKey(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((at + step + places.length) % Math.max(places.length, 1));
    }
    if (event.key === 'Enter') go(places[at]);
  }
  return (
    <div className="palette">
      <input
        className="input"
        type="search"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-places`}
        aria-activedescendant={places[at] === undefined ? undefined : `${id}-${at}`}
        aria-label={text('palette.label')}
        placeholder={text('palette.label')}
        // biome-ignore lint/a11y/noAutofocus: whoever opens it wants to type
        autoFocus
        value={entered}
        onChange={({ currentTarget: { value } }) => {
          setEntered(value);
          setChosen(0);
        }}
        onKeyDown={onKey}
      />
      <div id={`${id}-places`} role="listbox" aria-label={text('palette.title')}>
        {places.map((place, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above
          <div
            key={place.to + place.name}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => go(place)}
          >
            <Icon name={place.icon} />
            {place.name}
          </div>
        ))}
      </div>
      <p className="field-hint" role="status">
        {places.length === 0 ? text('palette.none') : text('palette.hint')}
      </p>
    </div>
  );
}
