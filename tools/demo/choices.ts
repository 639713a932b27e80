import type { Text } from '../language.ts';

/** What the dealer publishes: a customer chose a car. */
export interface Choice {
  readonly car: { readonly model: string; readonly colour: string; readonly price: number };
  readonly customer: { readonly name: string; readonly city: string; readonly phone: string };
  readonly credit: { readonly wanted: boolean; readonly downPayment: number };
}

export const MARIA: Choice = {
  car: { model: 'Лада Веста Кросс', colour: 'синий', price: 1_749_000 },
  customer: { name: 'Мария Орлова', city: 'Казань', phone: '+7 900 111-22-33' },
  credit: { wanted: true, downPayment: 350_000 },
};

export const MARIA_IN_WORDS: Text = {
  ru: `${MARIA.customer.name}, ${MARIA.car.model}`,
  en: 'Maria Orlova, Lada Vesta Cross',
};

const MODELS = ['Лада Гранта', 'Москвич 3', 'Хавейл Джолион', 'Лада Нива', 'Чери Тигго'];
const CITIES = ['Москва', 'Пермь', 'Самара', 'Омск'];
const NAMES = ['Иван Петров', 'Анна Смирнова', 'Олег Фомин'];

/** The n-th of a stream of customers; the same for the same n. */
export function choiceNumber(n: number): Choice {
  return {
    car: { model: pick(MODELS, n), colour: 'белый', price: 900_000 + (n % 20) * 100_000 },
    customer: {
      name: pick(NAMES, n),
      city: pick(CITIES, n),
      phone: `+7 900 555-00-${String(n).padStart(2, '0')}`,
    },
    credit: { wanted: n % 2 === 0, downPayment: 100_000 },
  };
}

/** The same without what the bank may not see. */
export function withoutPhone({ car, customer: { phone: _, ...customer }, credit }: Choice): object {
  return { car, customer, credit };
}

function pick(from: readonly string[], n: number): string {
  return from[n % from.length] ?? '';
}
