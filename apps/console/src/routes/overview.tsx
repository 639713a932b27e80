import { CompanyOverview } from '../overview/company-overview.tsx';
import { OperatorOverview } from '../overview/operator-overview.tsx';
import { useSession } from '../session/session-context.ts';

export function OverviewPage() {
  const { role } = useSession();
  return role === 'operator' ? <OperatorOverview /> : <CompanyOverview />;
}
