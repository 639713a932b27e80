import { TermsInWords } from '../../src/grants/terms-view.tsx';
import { AT, HOSTILE, LONG, UNBROKEN } from '../facts.ts';

const terms = {
  purpose: 'Предложить кредит',
  fields: null,
  types: [],
  filter: null,
  history: false,
  expiresAt: null,
};

export const Everything = () => <TermsInWords reader="ЭкспоБанк" topic="Выбор машины" terms={terms} />;
export const Narrow = () => (
  <TermsInWords
    reader="ЭкспоБанк"
    topic="Выбор машины"
    terms={{
      purpose: LONG,
      fields: { exclude: ['data.customer.phone', 'data.customer.passport.*'] },
      types: ['car.selected', 'car.reserved'],
      filter: { 'data.region': 'RU-MOW', 'data.sum': { gte: 12345 } },
      history: true,
      expiresAt: AT,
    }}
  />
);
export const Hostile = () => (
  <TermsInWords
    reader={HOSTILE}
    topic={UNBROKEN}
    terms={{ ...terms, purpose: HOSTILE, filter: { or: [{ [HOSTILE]: UNBROKEN }] }, types: [UNBROKEN] }}
  />
);
