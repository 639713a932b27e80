import { access } from './en/access.ts';
import { audited } from './en/audited.ts';
import { errors } from './en/errors.ts';
import { factor } from './en/factor.ts';
import { facts } from './en/facts.ts';
import { figures } from './en/figures.ts';
import { limits } from './en/limits.ts';
import { notices } from './en/notices.ts';
import { proof } from './en/proof.ts';
import { pulls } from './en/pulls.ts';
import { reach } from './en/reach.ts';
import { recalls } from './en/recalls.ts';
import { records } from './en/records.ts';
import { replays } from './en/replays.ts';
import { rules } from './en/rules.ts';
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
