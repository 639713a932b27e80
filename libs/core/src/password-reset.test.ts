import { expect, it } from 'vitest';
import type { Role } from './access.ts';
import type { PartnerId, UserId } from './ids.ts';
import { mayReopen } from './password-reset.ts';

const [OWN, OTHER] = ['par_1' as PartnerId, 'par_2' as PartnerId];
const by = (role: Role, partnerId?: PartnerId) => ({ userId: 'usr_1' as UserId, role, partnerId });
const user = (role: Role, partnerId?: PartnerId, id = 'usr_2') => ({ id: id as UserId, role, partnerId });

it.each([
  ['an admin', by('admin', OWN), 'a colleague', user('viewer', OWN), true],
  ['an admin', by('admin', OWN), 'another admin of the company', user('admin', OWN), true],
  ['an admin', by('admin', OWN), 'oneself', user('admin', OWN, 'usr_1'), false],
  ['an admin', by('admin', OWN), 'somebody of another company', user('viewer', OTHER), false],
  ['an admin', by('admin', OWN), 'an operator', user('operator'), false],
  ['a developer', by('developer', OWN), 'a colleague', user('viewer', OWN), false],
  ['an operator', by('operator'), 'an admin of a company', user('admin', OTHER), true],
  ['an operator', by('operator'), 'a developer of a company', user('developer', OTHER), false],
  ['an operator', by('operator'), 'another operator', user('operator'), false],
] as const)('%s, %j: of %s, %j: %s', (_who, caller, _whose, of, may) => {
  expect(mayReopen(caller, of)).toBe(may);
});
