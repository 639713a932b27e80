import { usePreferences } from '../i18n/preferences.tsx';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { menuOf } from '../shell/menu.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Checkbox } from '../ui/text-field.tsx';

const EVERYWHERE = ['palette', 'sheet', 'tail', 'filter'] as const;
const LISTS = ['rows', 'open', 'select', 'retry', 'copy'] as const;
const DETAILS = ['neighbours', 'retry', 'copy'] as const;
type Name = (typeof EVERYWHERE | typeof LISTS | typeof DETAILS)[number];

const KEYS: Readonly<Record<Name, readonly string[]>> = {
  palette: ['Ctrl K', '⌘ K'],
  sheet: ['?'],
  tail: ['t'],
  filter: ['/'],
  rows: ['j', 'k'],
  open: ['Enter'],
  select: ['x'],
  retry: ['r'],
  copy: ['y'],
  neighbours: ['[', ']'],
};

/** Every key of the pages, and whether single letters count. */
export function Sheet({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const text = useText();
  const { letters, change } = usePreferences();
  return (
    <Dialog title={text('keyboard.title')} isOpen={isOpen} onClose={onClose} isWide>
      <Checkbox
        label={text('keyboard.letters')}
        hint={text('keyboard.lettersHint')}
        checked={letters}
        onChange={(on) => change({ letters: on })}
      />
      <div className="columns">
        <Keys title={text('keyboard.everywhere')} names={EVERYWHERE} />
        <Keys title={text('keyboard.lists')} names={LISTS} />
        <Keys title={text('keyboard.details')} names={DETAILS} />
        <Pages />
      </div>
    </Dialog>
  );
}

function Keys({ title, names }: { readonly title: string; readonly names: readonly Name[] }) {
  const text = useText();
  return (
    <section className="keys">
      <h3>{title}</h3>
      <dl>
        {names.map((name) => (
          <div key={name}>
            <dt>
              {KEYS[name].map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text(`keyboard.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Pages() {
  const text = useText();
  const { role } = useSession();
  const items = menuOf(role).flatMap((group) => group.items);
  return (
    <section className="keys">
      <h3>{text('keyboard.pages')}</h3>
      <dl>
        {items.map(({ to, text: name, letter }) =>
          letter === undefined ? null : (
            <div key={to}>
              <dt>
                <kbd>g</kbd>
                <kbd>{letter}</kbd>
              </dt>
              <dd>{text(name)}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}
