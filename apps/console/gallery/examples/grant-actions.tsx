import { GrantActions } from '../../src/grants/grant-actions.tsx';
import { GRANT, HOSTILE } from '../facts.ts';

export const OfTheOwner = () => <GrantActions grant={GRANT} isOwner reader={HOSTILE} />;
export const OfTheReader = () => <GrantActions grant={GRANT} isOwner={false} reader={HOSTILE} />;
export const OfAnEndedOne = () => (
  <GrantActions grant={{ ...GRANT, state: 'revoked' }} isOwner reader={HOSTILE} />
);
