/** A store or peer cannot be reached or does not answer in time. The edge answers 503 with Retry-After. */
export class Unavailable extends Error {
  override readonly name: string = 'Unavailable';
  /** Which one, e.g. `PostgreSQL`. */
  readonly what: string;

  constructor(what: string, options?: ErrorOptions) {
    super(`${what} is unavailable`, options);
    this.what = what;
  }
}
