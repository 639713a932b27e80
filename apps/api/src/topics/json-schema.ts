import { Failure, type FieldError } from '@anika/core/failures';
import type { PartnerId, TopicId } from '@anika/core/ids';
import { LRUCache } from 'lru-cache';
import { parseSchema } from './check-schema.ts';
import { compileSchema } from './compile-schema.ts';
import { type Check, OutOfSteps, type Run } from './schema-run.ts';

/** A check that is worth no hop to another thread: a few milliseconds of this one. */
export const STEPS_HERE = 4000;
/** The same in a thread of its own, which is also ended when it is late. */
export const STEPS_ELSEWHERE = 5_000_000;

export type SchemaTopic = {
  readonly id: TopicId;
  readonly ownerId: PartnerId;
  readonly schema: string | undefined;
};
/** `data` is `dataText` parsed, its numbers with all their digits. */
export type DataToCheck = { readonly data: unknown; readonly dataText: string };
/** Throws `schema-mismatch` naming what is wrong. */
export type CheckData = (topic: SchemaTopic, data: DataToCheck) => Promise<void>;
export type SchemaTask = { readonly schema: string; readonly dataText: string };
/** Checks in another thread: what does not fit, or why it could not be told. */
export type CheckElsewhere = (task: SchemaTask, company: PartnerId) => Promise<readonly FieldError[]>;

/** What data does not fit; throws OutOfSteps when telling takes more of them. */
export function misfits(check: Check, data: unknown, steps: number): readonly FieldError[] {
  const run: Run = { steps, errors: [] };
  const fits = check({ value: data, place: undefined, run, tells: true, seen: undefined });
  if (fits === true) return [];
  return run.errors.length > 0 ? run.errors : [{ path: 'data', message: 'does not fit' }];
}

type Known = {
  readonly source: string;
  readonly check: Check;
  /** Data of so many characters have taken more steps than this thread has for them. */
  heavyFrom: number;
};

/** Checks data against topics' schemas: small ones here, what takes longer in a thread that may be ended. */
export function createCheckData(elsewhere: CheckElsewhere): CheckData {
  const known = new LRUCache<TopicId, Known>({ max: 1000 });

  function knownOf({ id, schema }: SchemaTopic & { schema: string }): Known {
    const present = known.get(id);
    if (present?.source === schema) return present;
    const made: Known = { source: schema, check: checkOf(schema), heavyFrom: Number.POSITIVE_INFINITY };
    known.set(id, made);
    return made;
  }

  async function check(topic: SchemaTopic & { schema: string }, { data, dataText }: DataToCheck) {
    const entry = knownOf(topic);
    if (dataText.length < entry.heavyFrom) {
      try {
        return misfits(entry.check, data, STEPS_HERE);
      } catch (error) {
        if (!(error instanceof OutOfSteps)) throw error;
        entry.heavyFrom = dataText.length;
      }
    }
    return elsewhere({ schema: topic.schema, dataText }, topic.ownerId);
  }

  return async (topic, data) => {
    const { schema } = topic;
    if (schema === undefined) return;
    const errors = await check({ ...topic, schema }, data);
    if (errors.length > 0) {
      throw new Failure('schema-mismatch', "The data does not fit the topic's schema", { errors });
    }
  };
}

/** A stored schema is judged as a new one is: rules may have become stricter since. */
export function checkOf(schema: string): Check {
  try {
    return compileSchema(parseSchema(schema));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const detail = `The topic's schema is not one that data can be checked with any more: ${error.message}`;
    throw new Failure('schema-mismatch', detail, { cause: error });
  }
}
