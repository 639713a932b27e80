import { useNavigate } from '@tanstack/react-router';
import { memo, useId, useState } from 'react';
import { isTheme, isZone, LANGUAGES, THEMES, usePreferences } from '../i18n/preferences.tsx';
import { useText } from '../i18n/use-text.ts';

export const LANGUAGE_NAMES = { ru: 'Русский', en: 'English' } as const;

/** Each language is called by its own name. */
export function LanguageSwitch() {
  const text = useText();
  const { language, change } = usePreferences();
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{text('shell.language')}</legend>
      {LANGUAGES.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-pressed={one === language}
          aria-label={`${one.toUpperCase()} – ${LANGUAGE_NAMES[one]}`}
          onClick={() => change({ language: one })}
        >
          {one.toUpperCase()}
        </button>
      ))}
    </fieldset>
  );
}

export function ThemeSwitch() {
  const text = useText();
  const id = useId();
  const { theme, change } = usePreferences();
  return (
    <span className="mini-select">
      <label className="visually-hidden" htmlFor={id}>
        {text('shell.theme')}
      </label>
      <select
        id={id}
        value={theme}
        onChange={({ currentTarget: { value } }) => isTheme(value) && change({ theme: value })}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {text(`shell.theme.${one}`)}
          </option>
        ))}
      </select>
    </span>
  );
}

const OFTEN = ['UTC', 'Europe/Moscow', 'Europe/London', 'Asia/Yekaterinburg', 'Asia/Vladivostok'];

/** One clock for the whole page; the address names it. */
export function ZoneSwitch() {
  const text = useText();
  const id = useId();
  const { zone, browserZone, change } = usePreferences();
  const navigate = useNavigate();
  const [isWanted, setWanted] = useState(false);
  const want = () => setWanted(true);
  function choose(value: string): void {
    const chosen = isZone(value) ? value : undefined;
    change({ zone: chosen });
    void navigate({
      to: '.',
      search: (before) => ({ ...before, zone: chosen }),
      replace: true,
      resetScroll: false,
    });
  }
  const often = new Set([...OFTEN, ...(zone === undefined ? [] : [zone])]);
  return (
    <span className="mini-select mini-select-zone">
      <label className="visually-hidden" htmlFor={id}>
        {text('shell.zone')}
      </label>
      <select
        id={id}
        value={zone ?? ''}
        onFocus={want}
        onPointerDown={want}
        onChange={({ currentTarget: { value } }) => choose(value)}
      >
        <option value="">{text('shell.zoneBrowser', { zone: browserZone })}</option>
        {[...often].map((one) => (
          <option key={one}>{one}</option>
        ))}
        {isWanted && (
          <optgroup label={text('shell.zoneOthers')}>
            <OtherZones zone={zone} />
          </optgroup>
        )}
      </select>
    </span>
  );
}

/** Four hundred: drawn when somebody goes to the list, and again only when another is chosen. */
const OtherZones = memo(function OtherZones({ zone }: { readonly zone: string | undefined }) {
  const others = Intl.supportedValuesOf('timeZone').filter((one) => !OFTEN.includes(one) && one !== zone);
  return others.map((one) => <option key={one}>{one}</option>);
});
