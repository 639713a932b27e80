import { Icon, type IconName, PATHS } from '../../src/ui/icons.tsx';

function isIconName(text: string): text is IconName {
  return Object.hasOwn(PATHS, text);
}

export const All = () => (
  <ul className="bullets">
    {Object.keys(PATHS)
      .filter(isIconName)
      .map((name) => (
        <li key={name}>
          <Icon name={name} /> {name}
        </li>
      ))}
  </ul>
);
