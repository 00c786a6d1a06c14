import type { Change, ChangeKind } from './change.js';
import { compareContracts } from './compare-contracts.js';
import { randomDocument, randomNumbers } from './random-documents.fixture.js';

const documents = Array.from({ length: 60 }, (_, seed) => randomDocument(randomNumbers(seed)));

const pairs: readonly (readonly [ChangeKind, ChangeKind])[] = [
  ['operation-removed', 'operation-added'],
  ['status-removed', 'status-added'],
  ['media-type-removed', 'media-type-added'],
  ['body-removed', 'body-added'],
  ['parameter-removed', 'parameter-added'],
  ['header-removed', 'header-added'],
  ['security-removed', 'security-added'],
  ['scheme-removed', 'scheme-added'],
  ['scope-removed', 'scope-added'],
  ['field-removed', 'field-added'],
  ['other-fields-refused', 'other-fields-allowed'],
  ['became-required', 'became-optional'],
  ['no-longer-nullable', 'became-nullable'],
  ['type-narrowed', 'type-widened'],
  ['value-removed', 'value-added'],
  ['values-closed', 'values-opened'],
  ['variant-removed', 'variant-added'],
  ['limit-tightened', 'limit-loosened'],
];
const reverses = new Map([...pairs, ...pairs.map(([one, other]) => [other, one] as const)]);
const reverseOf = (kind: ChangeKind): ChangeKind => reverses.get(kind) ?? kind;

const names = (changes: readonly Change[], nameOf: (kind: ChangeKind) => ChangeKind): string[] =>
  changes.map(({ operation, where, kind }) => `${operation}: ${where} ${nameOf(kind)}`).toSorted();

/** Each with the next one, which has nothing to do with it. */
const neighbours = documents.map((document, at) => [document, documents[at + 1] ?? document] as const);

test('a document and itself are the same', () => {
  expect(documents.flatMap((document) => compareContracts(document, structuredClone(document)))).toEqual([]);
});

test('what is told one way is told the reverse way on the way back', () => {
  for (const [one, other] of neighbours) {
    const there = compareContracts(one, other);
    const back = compareContracts(other, one);
    expect(names(back, reverseOf)).toEqual(names(there, (kind) => kind));
  }
});

test('no two changes have the same names, so that each can be declared', () => {
  for (const [one, other] of neighbours) {
    const all = names(compareContracts(one, other), (kind) => kind);
    expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([]);
  }
});

test('every change says in a sentence what it is', () => {
  const messages = neighbours.flatMap(([one, other]) =>
    compareContracts(one, other).map(({ message }) => message),
  );
  expect(messages.length).toBeGreaterThan(500);
  expect(messages.filter((message) => !/^[A-Z`].*[^ ]\.$/.test(message) || message.includes('``'))).toEqual(
    [],
  );
});
