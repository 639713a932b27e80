/**
 * Who waits how long for whom, between the parts that bring a message to its subscribers once: the api that accepts
 * it, the dispatchers, the sweep, Redis and MongoDB. What one part may take bounds what the next must wait; the test
 * beside this holds these bounds. All in milliseconds.
 */
export const TIMING = {
  /** A publisher hears 503 rather than nothing; whether the message was stored is open then. */
  storeMs: 2000,

  /** How often it is looked whether what was fanned out a moment ago is stored. */
  lookMs: 250,
  /** With many missing, dispatchers are busy, and have this long to store them: a second write costs them more. */
  patienceMs: 4000,
  /** A message younger than this is most likely being fanned out right now: the sweep leaves it alone. */
  fanOutGraceMs: 8000,

  /**
   * A first job whose message is older asks whether its delivery is stored: the sweep may have taken the message for
   * one whose fan-out was interrupted, and have delivered it as well.
   */
  freshMs: 2500,
  /** A job whose delivery is not stored, of a message older than this, is of the past. Until then it may come. */
  unstoredMs: 60_000,
  /** When it is looked again whether a delivery is stored. */
  storedSoonMs: 2000,
  /** Clocks of two machines differ; what is due within this is due. */
  earlyMs: 50,
  /** When a delivery comes back for which no connection or look-up of its company was free. */
  notSentMs: 500,
  /** When what met an unexpected error is tried again; it has used up no attempt. */
  afterErrorMs: 2000,
  /** How long one job goes on with the turns of others. */
  turnsMs: 1000,

  /** A worker that was killed has its job no longer than this. */
  jobLockMs: 10_000,
  /** How often it is looked for jobs whose worker was killed. */
  jobStalledMs: 5000,
  /** How long after its due time a delivery's job is taken for lost. */
  sweepGraceMs: 15_000,
  /** How often it is swept, unless `ANIKA_SWEEP_SECONDS` says otherwise. More seldom repairs later, and no worse. */
  sweepEveryMs: 5000,
  /** A delivery that waits long is looked for no more seldom than this. */
  sweepAgainMaxMs: 60_000,
  /** How long after its end a lease is noted as lapsed, unless its delivery is pulled again before. */
  lapsedGraceMs: 2000,
  /** How long after Redis lost its data it is looked for deliveries of the moments before, which are stored late. */
  lookedForMs: 15_000,
  /** So old they are at most while it is looked for them. */
  storedLateMs: 30_000,

  /** The result of a POST is worth waiting for a database that is away: forgetting it sends the message again. */
  recordPatienceMs: 20_000,
  /** A write that hangs is made again while there is patience left: writing it twice does no harm. */
  recordTryMs: 5000,
  recordRetryMs: 250,
  /** A process that is asked to stop waits no longer than this for them, and leaves what is open to be sent again. */
  recordClosingMs: 2000,
  /** Nor for its last answers of Redis. */
  lanesClosingMs: 2000,
  /** How long a process may take beyond its deliveries when it is asked to stop; then it ends anyway. */
  restMs: 10_000,

  /** A place in an endpoint's lane lapses this much after the request's time-out, should its holder die. */
  laneSlackMs: 3000,
  /** How often places that lapsed are given to those that wait. */
  laneWakeMs: 100,
} as const;
