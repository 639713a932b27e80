import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldMask, parseFieldMask } from './field-mask.ts';
import { maskSchema } from './mask-schema.ts';

function maskOf(value: unknown): FieldMask {
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw new Error(`not a mask: ${JSON.stringify(parsed.errors)}`);
  return parsed.mask;
}

const person = {
  type: 'object',
  title: 'Клиент с phone',
  required: ['name', 'phone'],
  properties: { name: { type: 'string', maxLength: 50 }, phone: { type: 'string', enum: ['+7'] } },
};

describe('maskSchema()', () => {
  it.each<[string, object, object, object]>([
    [
      'a hidden member and its name in required',
      { exclude: ['data.phone'] },
      person,
      { type: 'object', required: ['name'], properties: { name: { type: 'string', maxLength: 50 } } },
    ],
    [
      'what include does not name',
      { include: ['data.name'] },
      person,
      { type: 'object', required: ['name'], properties: { name: { type: 'string', maxLength: 50 } } },
    ],
    [
      'everything, where only the key is shown',
      { include: ['key'] },
      person,
      { type: 'object', required: [], properties: {} },
    ],
    ['nothing, where only the key is hidden', { exclude: ['key'] }, person, person],
    [
      'members in items, whether or not the path says so',
      { exclude: ['data.people.phone'] },
      { properties: { people: { type: 'array', items: person, default: [{ phone: 1 }] } } },
      {
        properties: {
          people: {
            type: 'array',
            items: { type: 'object', required: ['name'], properties: { name: person.properties.name } },
          },
        },
      },
    ],
    [
      'members behind a reference, and the definition',
      { exclude: ['data.client.phone'] },
      { $defs: { person }, properties: { client: { $ref: '#/$defs/person' } } },
      {
        properties: {
          client: {
            allOf: [{ type: 'object', required: ['name'], properties: { name: person.properties.name } }],
          },
        },
      },
    ],
    [
      'no definition that a visible part refers to',
      { exclude: ['data.secret'] },
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        definitions: { person, unused: { const: 'secret' } },
        properties: { seller: { $ref: '#/definitions/person' }, secret: { $ref: '#/definitions/unused' } },
      },
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        properties: { seller: { $ref: '#/definitions/person' } },
        definitions: { person },
      },
    ],
    [
      'conditions and combinations that name it',
      { exclude: ['data.phone'] },
      {
        allOf: [person, true],
        anyOf: [{ required: ['phone'] }, { required: ['name'] }],
        not: { required: ['phone'] },
        if: { properties: { phone: { const: 1 } } },
        dependentRequired: { phone: ['name'] },
        dependentSchemas: { phone: {} },
        patternProperties: { '^phone$': {} },
        propertyNames: { enum: ['phone'] },
        const: { phone: 1 },
        examples: [{ phone: 1 }],
        $comment: 'phone',
        additionalProperties: false,
        'x-phone': 1,
      },
      {
        allOf: [{ type: 'object', required: ['name'], properties: { name: person.properties.name } }],
        anyOf: [{ required: [] }, { required: ['name'] }],
        additionalProperties: false,
      },
    ],
    [
      'a name in another composition',
      { exclude: [`data.${'й'.normalize('NFC')}`] },
      { properties: { ['й'.normalize('NFD')]: { type: 'string' }, a: { type: 'null' } } },
      { properties: { a: { type: 'null' } } },
    ],
    [
      'members where the path expects an array',
      { exclude: ['data.people.*'] },
      { properties: { people: person } },
      { properties: { people: { type: 'object', required: [], properties: {} } } },
    ],
  ])('takes out %s', (_what, mask, schema, visible) => {
    const masked = maskSchema(schema as never, maskOf(mask));
    expect(masked).toEqual(visible);
  });

  it.each([
    { $ref: '#' },
    { type: 'array', items: { $ref: '#' } },
    {
      $defs: { a: { $ref: '#/$defs/b' }, b: { allOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/a' }] } },
      $ref: '#/$defs/a',
    },
  ])('ends on references in circles: %j', (schema) => {
    expect(JSON.stringify(maskSchema(schema as never, maskOf({ exclude: ['data.x'] }))).length).toBeLessThan(
      200_000,
    );
  });

  it('tells no hidden name, wherever the schema has it', () => {
    const schema = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom<unknown>(true, 'скрыто', { type: 'string', description: 'скрыто' }),
        fc.record(
          {
            properties: fc.dictionary(fc.constantFrom('скрыто', 'a', 'b'), tie('value'), { maxKeys: 3 }),
            items: tie('value'),
            required: fc.constant(['скрыто', 'a']),
            enum: fc.constant([{ скрыто: 1 }]),
            anyOf: fc.array(tie('value'), { maxLength: 2 }),
            not: tie('value'),
            title: fc.constant('скрыто'),
            dependentRequired: fc.constant({ скрыто: ['a'] }),
          },
          { requiredKeys: [] },
        ),
      ),
    })).value;
    const exclude = [
      'data.скрыто',
      'data.a.скрыто',
      'data.b.скрыто',
      'data.a.a',
      'data.a.b',
      'data.b.a',
      'data.b.b',
    ];
    fc.assert(
      fc.property(schema, (value) => {
        if (typeof value !== 'object' || value === null) return;
        const visible = maskSchema(value as never, maskOf({ exclude }));
        expect(JSON.stringify(visible)).not.toContain('скрыто');
      }),
      { numRuns: 500 },
    );
  });
});
