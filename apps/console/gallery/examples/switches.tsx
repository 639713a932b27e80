import { LanguageSwitch, ThemeSwitch, ZoneSwitch } from '../../src/shell/switches.tsx';

export const OfTheLanguage = () => <LanguageSwitch />;
export const OfTheTheme = () => <ThemeSwitch />;
export const OfTheZone = () => <ZoneSwitch />;
