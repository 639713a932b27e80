import { LinkButton } from '../../src/ui/link-button.tsx';
import { LONG } from '../facts.ts';

export const Plain = () => <LinkButton to="/topics">Topics</LinkButton>;
export const Primary = () => (
  <LinkButton to="/topics/new" kind="primary" icon="plus">
    New topic
  </LinkButton>
);
export const Quiet = () => (
  <LinkButton to="/live" kind="quiet">
    Open
  </LinkButton>
);
export const Long = () => <LinkButton to="/topics">{LONG}</LinkButton>;
