import type { FieldMask } from '@anika/core/field-mask';
import { type Said, said } from '@anika/core/field-rules';
import { readSchema } from '@anika/core/json-schema-walk';
import { createMaskFinder } from '@anika/core/mask-finder';
import { unknownPaths } from '@anika/core/schema-paths';
import type { Topic } from '@anika/core/topic';

/** A path of a mask that may be misspelt: neither the topic's schema nor a message of late has it. */
export type MaskWarning = { readonly path: string; readonly reason: string } & Pick<Said, 'rule' | 'values'>;

export function maskWarning(path: string, { message, ...rest }: Said): MaskWarning {
  return { path, reason: message, ...rest };
}

export type MaskLook = {
  /** Looks at one of the newest messages. */
  look(data: unknown): void;
  /** Whether nothing more can be found out. */
  isDone(): boolean;
  warnings(considered: number): MaskWarning[];
};

/** Which paths of a mask lead nowhere: those the schema does not know, seen against messages. */
export function lookForPaths(mask: FieldMask | undefined, schema: Topic['schema']): MaskLook {
  const unknown = mask === undefined ? [] : unknownPaths(mask, readSchema(schema));
  if (mask === undefined || unknown.length === 0) {
    return { look: () => undefined, isDone: () => true, warnings: () => [] };
  }
  const finder = createMaskFinder(mask, unknown);
  const rule = schema === undefined ? 'path-nowhere' : 'path-not-in-schema';
  return {
    look: finder.look,
    isDone: finder.isDone,
    warnings: (considered) =>
      finder.missing().map((path) => maskWarning(path, said(rule, { count: considered }))),
  };
}
