// Whatever the texts are: a definition comes out, or one ActionError.
import { ActionError } from '@hitl-actions/contract';
import {
  describeDiff,
  errorOf,
  fillTemplate,
  type JsonObject,
  type JsonValue,
  parseCommand,
  parseImageReference,
  parseTaskDefinition,
  renderTaskDefinition,
  sameDefinition,
  stripReadOnly,
  validate,
} from '@hitl-actions/task-definition';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObject } from '../src/json.ts';

const runs = { numRuns: 300 };
const words = fc.constantFrom(
  'name',
  'image',
  'environment',
  'value',
  'cpu',
  'secrets',
  'tags',
  '__proto__',
  'web',
  'a',
);
const { value: anyJson } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.string(),
      fc.constantFrom('${A}', '<B>', '$${A}', 'web'),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(words, fc.string()), tie('value'), { maxKeys: 5 }),
  ),
}));
const container = fc.record(
  {
    name: fc.oneof(fc.constantFrom('web', 'b'), anyJson),
    image: fc.oneof(fc.constantFrom('shop:1', '$X'), anyJson),
    environment: fc.oneof(fc.array(fc.record({ name: fc.oneof(words, anyJson), value: anyJson })), anyJson),
    secrets: anyJson,
    portMappings: fc.oneof(fc.array(fc.record({ containerPort: anyJson, hostPort: anyJson })), anyJson),
    logConfiguration: anyJson,
    dependsOn: fc.oneof(
      fc.array(fc.record({ containerName: fc.constantFrom('web', 'b'), condition: anyJson })),
      anyJson,
    ),
    environmentFiles: anyJson,
    dockerLabels: anyJson,
  },
  { requiredKeys: [] },
);
const anyDefinition = fc
  .record(
    {
      family: anyJson,
      containerDefinitions: fc.array(container, { maxLength: 3 }),
      requiresCompatibilities: fc.constantFrom(['FARGATE'], ['EC2']),
      cpu: anyJson,
      memory: anyJson,
      taskDefinition: anyJson,
      tags: anyJson,
    },
    { requiredKeys: ['containerDefinitions'] },
  )
  .map((value): JsonObject => {
    const plain: unknown = JSON.parse(JSON.stringify(value));
    return isObject(plain) ? plain : {};
  });

async function outcome<T>(work: () => T | Promise<T>): Promise<T | ActionError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
}

async function wholeWay(text: string, file: string, change: string): Promise<JsonObject | ActionError> {
  return await outcome(async () => {
    const parsed = stripReadOnly(await parseTaskDefinition(text, file)).definition;
    const filled = fillTemplate(parsed, new Map([['A', change]])).definition;
    const names = new Map([
      ['__proto__', change],
      ['a', change],
    ]);
    const { definition } = renderTaskDefinition(filled, {
      containers: new Map([
        [
          'web',
          {
            image: change,
            environment: names,
            secrets: names,
            dockerLabels: names,
            logOptions: names,
            environmentFiles: [change],
          },
        ],
      ]),
    });
    const error = errorOf(validate(definition).errors);
    if (error !== undefined) throw error;
    return definition;
  });
}

test.each(['td.json', 'td.yml', 'td'])('any text in %s', async (file) => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json()), async (text) => {
      expect(await wholeWay(text, file, 'x')).toBeDefined();
    }),
    runs,
  );
});

test('any definition, and any text as a change', async () => {
  await fc.assert(
    fc.asyncProperty(anyDefinition, fc.string(), async (definition, change) => {
      const result = await wholeWay(JSON.stringify(definition), 'td.json', change);
      if (!(result instanceof ActionError)) expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    }),
    runs,
  );
});

test('any text cut out of a definition', async () => {
  const text = JSON.stringify({
    family: 'f',
    containerDefinitions: [{ name: 'web', image: 'é:1', cpu: -1.5e3 }],
  });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(text.length),
      fc.nat(text.length),
      fc.string({ maxLength: 3 }),
      async (a, b, insert) => {
        const broken = text.slice(0, Math.min(a, b)) + insert + text.slice(Math.max(a, b));
        const result = await outcome(() => parseTaskDefinition(broken, 'td.json'));
        expect(result instanceof ActionError || isJson(broken)).toBe(true);
      },
    ),
    runs,
  );
});

test('JSON is read as JSON.parse reads it', async () => {
  await fc.assert(
    fc.asyncProperty(anyJson, fc.constantFrom(0, 2, '\t'), async (value, indent) => {
      const text = JSON.stringify({ containerDefinitions: [{ newMember: value }] }, null, indent);
      const parsed = await parseTaskDefinition(text, 'td.json');
      expect(JSON.stringify(parsed)).toBe(JSON.stringify(JSON.parse(text)));
    }),
    runs,
  );
});

test('a definition is the same as itself, and never has a difference to itself', () => {
  fc.assert(
    fc.property(anyDefinition, anyDefinition, (a, b) => {
      expect(sameDefinition(a, a)).toBe(true);
      expect(describeDiff(a, a)).toEqual([]);
      expect(describeDiff(a, b).length > 0).toBe(!sameDefinition(a, b));
    }),
    runs,
  );
});

test('a variable’s value arrives as it is, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'binary' }), (first, second) => {
      const { definition } = fillTemplate(
        { value: '${A}-${B}' },
        new Map([
          ['A', first],
          ['B', second],
        ]),
      );
      expect(definition).toEqual({ value: `${first}-${second}` });
    }),
    runs,
  );
});

test('any text as a command or an image', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      await outcome(() => parseCommand(text));
      const reference = parseImageReference(text);
      if (reference === undefined) return;
      const { registry, repository, tag, digest } = reference;
      const rebuilt = `${registry === undefined ? '' : `${registry}/`}${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
      expect(rebuilt).toBe(text);
    }),
    runs,
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
