import { useText } from '../i18n/use-text.ts';

const MEMBER_ROLES = ['admin', 'developer', 'viewer'] as const;
type MemberRole = (typeof MEMBER_ROLES)[number];

/** The roles that a company gives to its people. */
export function useRoleOptions(): readonly { readonly value: MemberRole; readonly label: string }[] {
  const text = useText();
  return MEMBER_ROLES.map((value) => ({ value, label: text(`role.${value}`) }));
}
