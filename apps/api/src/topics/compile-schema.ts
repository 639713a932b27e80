import { isJsonObject } from '@anika/core/exact-json';
import { said } from '@anika/core/field-rules';
import { namedBy } from './schema-cost.ts';
import { asks, IN_PLACE_KEYWORDS } from './schema-in-place.ts';
import { dialectOf, type SchemaObject } from './schema-keywords.ts';
import { LAST_KEYWORDS, NESTED_KEYWORDS } from './schema-nested.ts';
import { allFit, type Check, type Compiling, newSeen, refuse, spend } from './schema-run.ts';
import { VALUE_KEYWORDS } from './schema-values.ts';

/**
 * The check of a schema that `checkJsonSchema` has let through, as functions: nothing a partner wrote becomes code. It
 * takes time in proportion to the schema.
 */
export function compileSchema(root: SchemaObject): Check {
  const compiled = new Map<SchemaObject, Check>();
  const compiling: Compiling = { dialect: dialectOf(root), of };

  function of(schema: unknown): Check {
    if (!isJsonObject(schema)) return schema === false ? nothingFits : everythingFits;
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const looksBack = Object.keys(schema).some((name) => LAST_KEYWORDS.has(name));
    const check = together(checksOf(schema), looksBack);
    compiled.set(schema, check);
    return check;
  }

  function checksOf(schema: SchemaObject): Check[] {
    const ref = typeof schema.$ref === 'string' ? [referred(of(namedBy(schema.$ref, root)))] : [];
    const names = Object.keys(schema);
    const ordered = [
      ...names.filter((name) => !LAST_KEYWORDS.has(name)),
      ...names.filter((name) => LAST_KEYWORDS.has(name)),
    ];
    return [...ref, ...ordered.flatMap((name) => checkOf(name, schema) ?? [])];
  }

  function checkOf(name: string, schema: SchemaObject): Check | undefined {
    const keyword = VALUE_KEYWORDS.get(name) ?? NESTED_KEYWORDS.get(name) ?? IN_PLACE_KEYWORDS.get(name);
    return keyword?.(schema[name], schema, compiling);
  }

  return of(root);
}

const everythingFits: Check = () => true;
const nothingFits: Check = (visit) => refuse(visit, said('data-not-allowed'));

function referred(check: Check): Check {
  return (visit) => asks(check, visit, visit.tells);
}

/** `looksBack`: one of them asks what the others have looked at. */
function together(checks: readonly Check[], looksBack: boolean): Check {
  return (asked) => {
    spend(asked.run, 1 + checks.length);
    const visit = looksBack && asked.seen === undefined ? { ...asked, seen: newSeen() } : asked;
    return allFit(checks, visit, (check) => check(visit));
  };
}
