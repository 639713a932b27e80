const LEAST = 4;
const FIRST = 50;
/** From one look to the next: more than any machine does so far. */
const MOST = 200;

/** How many deliveries may be made of what is deferred, from one look to the next. */
export function createPace() {
  let rate = FIRST / 2;
  let left = 0;
  return {
    /** None while more were made before than were due: a message has as many as it has readers. */
    next(isBusy: boolean): number {
      rate = isBusy ? Math.max(LEAST, Math.floor(rate / 2)) : Math.min(MOST, rate * 2);
      left = Math.min(rate, left + rate);
      return Math.max(0, left);
    },
    spent(deliveries: number): void {
      left -= deliveries;
    },
  };
}
