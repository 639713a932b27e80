import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';

export function NotFoundPage() {
  const text = useText();
  return (
    <Page title={text('notFound.title')}>
      <Empty
        icon="search"
        title={text('notFound.page')}
        hint={text('notFound.hint')}
        action={<Link to="/">{text('notFound.home')}</Link>}
      />
    </Page>
  );
}
