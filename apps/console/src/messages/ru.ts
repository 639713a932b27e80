import { access } from './ru/access.ts';
import { audited } from './ru/audited.ts';
import { errors } from './ru/errors.ts';
import { factor } from './ru/factor.ts';
import { facts } from './ru/facts.ts';
import { figures } from './ru/figures.ts';
import { limits } from './ru/limits.ts';
import { notices } from './ru/notices.ts';
import { proof } from './ru/proof.ts';
import { pulls } from './ru/pulls.ts';
import { reach } from './ru/reach.ts';
import { recalls } from './ru/recalls.ts';
import { records } from './ru/records.ts';
import { replays } from './ru/replays.ts';
import { rules } from './ru/rules.ts';
import { session } from './ru/session.ts';
import { setup } from './ru/setup.ts';
import { shell } from './ru/shell.ts';
import { subscriptions } from './ru/subscriptions.ts';
import { topics } from './ru/topics.ts';
import { traffic } from './ru/traffic.ts';

export const ru = {
  ...shell,
  ...session,
  ...topics,
  ...access,
  ...traffic,
  ...facts,
  ...subscriptions,
  ...proof,
  ...pulls,
  ...replays,
  ...records,
  ...audited,
  ...figures,
  ...notices,
  ...setup,
  ...limits,
  ...recalls,
  ...errors,
  ...rules,
  ...factor,
  ...reach,
};
