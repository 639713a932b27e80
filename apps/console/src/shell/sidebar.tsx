import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Icon } from '../ui/icons.tsx';
import { menuOf } from './menu.ts';

export function Sidebar({ isOpen }: { readonly isOpen: boolean }) {
  const text = useText();
  const { role } = useSession();
  return (
    <nav className="sidebar" aria-label={text('shell.menu')} data-open={isOpen || undefined}>
      {menuOf(role).map((group) => (
        <div key={group.text} className="menu-group">
          <p className="menu-title">{text(group.text)}</p>
          <ul>
            {group.items.map(({ to, text: name, icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  className="menu-link"
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                >
                  <Icon name={icon} />
                  {text(name)}
                </Link>
              </li>
            ))}
            {role === 'operator' && group.text === 'menu.work' && (
              <li>
                <a className="menu-link" href="/admin/queues">
                  <Icon name="queues" />
                  {text('menu.queues')}
                  <Icon name="external" />
                </a>
              </li>
            )}
          </ul>
        </div>
      ))}
      <WhoAmI />
    </nav>
  );
}

function WhoAmI() {
  const text = useText();
  const { email, role, signOut } = useSession();
  return (
    <div className="who">
      <Icon name="person" />
      <span className="who-names">
        <span className="who-email" title={email ?? undefined}>
          {email}
        </span>
        <span className="who-role">{text(`role.${role}`)}</span>
      </span>
      <button type="button" className="link-button" onClick={() => void signOut()}>
        {text('shell.signOut')}
      </button>
    </div>
  );
}
