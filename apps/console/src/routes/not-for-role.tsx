import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';

/** In the place of a page of which the API would answer nothing: nothing is asked. */
export function NotForRolePage() {
  const text = useText();
  const { role } = useSession();
  return (
    <Page title={text('error.forbidden')}>
      <Empty
        icon="access"
        title={text('notFor.role', { role: text(`role.${role}`) })}
        {...(role !== 'operator' && { hint: text('advice.forbidden') })}
        action={<Link to="/">{text('notFound.home')}</Link>}
      />
    </Page>
  );
}
