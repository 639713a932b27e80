import { SideBySide } from '../../src/ui/side-by-side.tsx';
import { HOSTILE, LONG, UNBROKEN } from '../facts.ts';

const heads = { before: 'As published', after: 'As they see it' };

export const Same = () => <SideBySide label="Same" heads={heads} lines={[{ before: '{}', after: '{}' }]} />;
export const Hidden = () => (
  <SideBySide
    label="Hidden"
    heads={heads}
    lines={[LONG, UNBROKEN, HOSTILE].flatMap((before) => [
      { before, after: before },
      { before, after: undefined },
    ])}
  />
);
