import { access } from './en/access.ts';
import { errors } from './en/errors.ts';
import { records } from './en/records.ts';
import { session } from './en/session.ts';
import { setup } from './en/setup.ts';
import { shell } from './en/shell.ts';
import { subscriptions } from './en/subscriptions.ts';
import { topics } from './en/topics.ts';
import { traffic } from './en/traffic.ts';

export const en = {
  ...shell,
  ...session,
  ...topics,
  ...access,
  ...traffic,
  ...subscriptions,
  ...records,
  ...setup,
  ...errors,
};
