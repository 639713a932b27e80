import { PasswordField } from '../../src/ui/password-field.tsx';
import { nothing } from '../facts.ts';

export const Present = () => (
  <PasswordField name="password" label="Password" which="present" value="secret" onChange={nothing} />
);
export const New = () => (
  <PasswordField
    name="new"
    label="New password"
    hint="At least ten characters."
    which="new"
    value=""
    onChange={nothing}
  />
);
