import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { failureReasons, UpstreamError } from '@bff/problem';
import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { z } from 'zod';
import { defineView, optional, required, type Section, type View } from '../index.js';
import { schemaNodeOf } from './schema-node.js';
import { serveView } from './serve-view.fixture.js';
import { fromXml } from './xml-form.js';

// Another try is another test: one failure counts.
jest.retryTimes(0);

beforeAll(() => Logger.overrideLogger(false));

/** Values, and the schema that they fit. */
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const row = fc.record({ id: text, note: fc.option(text) }, { requiredKeys: ['id'] });
const leaf = (schema: z.ZodType, values: fc.Arbitrary<unknown>) =>
  fc.record({ schema: fc.constant(schema), value: values, otherwise: values });
const leaves = [
  leaf(z.string(), text),
  leaf(z.int().nullable(), fc.option(fc.maxSafeInteger())),
  leaf(z.boolean(), fc.boolean()),
  leaf(z.array(z.string()), fc.array(text, { maxLength: 3 })),
  leaf(z.record(z.string(), z.number()), fc.dictionary(text, number, { maxKeys: 3 })),
  leaf(
    z.array(z.object({ id: z.string(), note: z.string().nullable().optional() })),
    fc.array(row, { maxLength: 3 }),
  ),
];

interface Planned {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly otherwise: unknown;
  readonly kind: 'required' | 'fallback' | 'absent';
  readonly outcome: 'good' | 'lie' | (typeof failureReasons)[number];
  readonly delayMs: number;
  /** The section before this one, which it waits for. */
  readonly chained: boolean;
}

const plan: fc.Arbitrary<Planned[]> = fc.array(
  fc
    .record({
      made: fc.oneof(...leaves),
      kind: fc.constantFrom<Planned['kind'][]>('required', 'fallback', 'fallback', 'absent'),
      outcome: fc.constantFrom<Planned['outcome'][]>('good', 'good', 'good', 'lie', ...failureReasons),
      delayMs: fc.nat(3),
      chained: fc.boolean(),
    })
    .map(({ made, ...rest }) => ({ ...made, ...rest })),
  { minLength: 1, maxLength: 5 },
);

const nameOf = (index: number): string => `s${index}`;
function toView(sections: readonly Planned[]): View {
  const declare = ({ kind, schema, otherwise }: Planned): Section => {
    if (kind === 'required') return required(schema);
    return kind === 'absent' ? optional(schema) : optional(schema, { otherwise });
  };
  const declared = sections.map((section, index) => [nameOf(index), declare(section)]);
  return defineView('Generated', Object.fromEntries(declared) as Record<string, Section>, {
    policy: sections.some(({ kind }) => kind === 'required') ? 'required-only' : 'best-effort',
  });
}

function toLoad(view: View, sections: readonly Planned[]) {
  const loaders = sections.map(({ value, outcome, delayMs, chained }, index) => [
    nameOf(index),
    async ({ need }: { need: (name: string) => Promise<unknown> }) => {
      if (chained && index > 0) await need(nameOf(index - 1));
      await sleep(delayMs);
      if (outcome === 'lie') return { lie: Symbol('no JSON') };
      if (outcome !== 'good') throw new UpstreamError(nameOf(index), outcome);
      return value;
    },
  ]);
  return view.load(Object.fromEntries(loaders) as never);
}

interface Expected {
  readonly values: Record<string, unknown>;
  readonly reports: Record<string, unknown>;
}

/** By hand: undefined where a required section fails. */
function expectedOf(sections: readonly Planned[]): Expected | undefined {
  const values: Record<string, unknown> = {};
  const reports: Record<string, unknown> = {};
  let before: { readonly reason: string } | undefined;
  for (const [index, { kind, outcome, value, otherwise, chained }] of sections.entries()) {
    const own =
      outcome === 'good' ? undefined : { reason: outcome === 'lie' ? ('bad_response' as const) : outcome };
    const failure = chained && index > 0 && before !== undefined ? before : own;
    const name = nameOf(index);
    if (failure === undefined) {
      values[name] = JSON.parse(JSON.stringify(value));
      reports[name] = { status: 'ok' };
    } else if (kind === 'required') return undefined;
    else {
      if (kind === 'fallback') values[name] = JSON.parse(JSON.stringify(otherwise));
      reports[name] = { status: kind === 'fallback' ? 'fallback' : 'failed', reason: failure.reason };
    }
    before = failure !== undefined && kind === 'absent' ? failure : undefined;
  }
  return { values, reports };
}

/** What XML cannot carry is U+FFFD there; and half a surrogate pair is that in UTF-8 anyway. */
function asInXml(value: unknown): unknown {
  // oxlint-disable-next-line no-control-regex -- finding control characters is the point
  const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
  if (typeof value === 'string') return value.replaceAll(notInXml, '\ufffd');
  if (Array.isArray(value)) return value.map(asInXml);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [asInXml(key), asInXml(one)]));
}

function readNdjson(body: string): Expected | undefined {
  const lines = body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; section: string; data?: unknown; _meta?: never });
  if (lines.at(-1)?.event === 'problem') return undefined;
  return readRecords(lines);
}

function readEvents(body: string): Expected | undefined {
  const records = body
    .trimEnd()
    .split('\n\n')
    .map((block) => {
      // Other line ends than those of ASCII are text, for `.` too.
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
      return { event, ...(JSON.parse(data) as { section: string; data?: unknown; _meta?: never }) };
    });
  return records.at(-1)?.event === 'problem' ? undefined : readRecords(records);
}

function readRecords(
  records: readonly { event: string; section: string; data?: unknown; _meta?: { sections: never } }[],
): Expected {
  const values = records
    .filter((record) => record.event === 'section' && 'data' in record)
    .map(({ section, data }) => [section, data]);
  return {
    values: Object.fromEntries(values) as Record<string, unknown>,
    reports: records.at(-1)?._meta?.sections ?? {},
  };
}

const split = (answer: { _meta?: { sections: Record<string, unknown> } }): Expected => {
  const { _meta, ...values } = answer;
  return { values, reports: _meta?.sections ?? {} };
};

test('any sections that fail in any way and order give the answer computed by hand, the same in every form', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (sections) => {
      const view = toView(sections);
      const expected = expectedOf(sections);
      await using server = await serveView(() => toLoad(view, sections));
      const get = async (accept: string) => {
        const answer = await server.get('/', { accept });
        return { status: answer.status, body: await answer.text() };
      };
      const json = await get('application/json');
      expect(json.status < 500).toBe(expected !== undefined);
      expect(readNdjson((await get('application/x-ndjson')).body)).toEqual(expected);
      expect(readEvents((await get('text/event-stream')).body)).toEqual(expected);
      if (expected === undefined) return;
      expect(split(JSON.parse(json.body) as never)).toEqual(expected);
      expect(Object.keys(JSON.parse(json.body) as object)).toEqual([
        ...Object.keys(expected.values),
        '_meta',
      ]);
      expect((await get('application/json')).body).toBe(json.body);
      const xml = fromXml((await get('application/xml')).body, schemaNodeOf(view));
      expect(split(xml as never)).toEqual(asInXml(expected));
    }),
    { numRuns: 150 },
  );
}, 60_000);
