import type { Change, ChangeKind, Severity } from './change.js';

/** One change that shows in several places: in each media type, each status, each operation that uses a schema. */
export interface ChangeGroup {
  readonly kind: ChangeKind;
  readonly severity: Severity;
  readonly message: string;
  /** With `*` for what differs; `schema <name>` for a change of a schema that is used in several places. */
  readonly operation: string;
  readonly where: string;
  readonly changes: readonly Change[];
}

/** As many operations with one change are told in one. */
const manyOperations = 3;

export function groupChanges(changes: readonly Change[]): readonly ChangeGroup[] {
  const inOperations = together(changes.map(alone), ({ operation, kind, message, where }) =>
    [operation, kind, message, placeOf(where)].join('\n'),
  );
  const inSchemas = [...Map.groupBy(inOperations, schemaOf).values()].flatMap(tellOfSchema);
  const groups = Map.groupBy(inSchemas, ({ kind, message, where }) => [kind, message, where].join('\n'));
  return [...groups.values()].flatMap((same) => {
    const many = new Set(same.map(({ operation }) => operation)).size >= manyOperations;
    return many ? [join(same)] : same;
  });
}

/** The operations of a group that is told of several, as words; empty for a group that names its operation. */
export function usersOf({ operation, changes }: ChangeGroup): string {
  const operations = new Set(changes.map((change) => change.operation));
  return operations.has(operation) ? '' : [...operations].join(', ');
}

/** What the group is of; of itself where it is in no schema. */
function schemaOf(group: ChangeGroup): unknown {
  const schema = group.changes[0]?.schema;
  return schema ? [group.kind, group.severity, schema.name, schema.message].join('\n') : group;
}

function tellOfSchema(groups: readonly ChangeGroup[]): readonly ChangeGroup[] {
  const [first, second] = groups;
  const schema = first?.changes[0]?.schema;
  if (!first || !second || !schema) return groups;
  const { name, where, message } = schema;
  const changes = groups.flatMap((group) => group.changes);
  return [{ ...first, operation: `schema ${name}`, where, message, changes }];
}

function together(groups: readonly ChangeGroup[], keyOf: (group: ChangeGroup) => string): ChangeGroup[] {
  return [...Map.groupBy(groups, keyOf).values()].map(join);
}

const alone = (change: Change): ChangeGroup => ({ ...change, changes: [change] });

function join(groups: readonly ChangeGroup[]): ChangeGroup {
  const [first] = groups as [ChangeGroup];
  const operations = new Set(groups.map(({ operation }) => operation));
  const words = groups.map(({ where }) => where.split(' '));
  const where = first.where
    .split(' ')
    .map((word, at) => (words.every((others) => others[at] === word) ? word : '*'));
  return {
    ...first,
    operation: operations.size === 1 ? first.operation : '*',
    where: where.join(' '),
    changes: groups.flatMap(({ changes }) => changes),
  };
}

/** A place without its status and its media type. */
function placeOf(where: string): string {
  return where
    .split(' ')
    .map((word, at) => (isStatus(word, at) ? 'status' : isMediaType(word, at) ? 'type' : word))
    .join(' ');
}

const isStatus = (word: string, at: number): boolean => at === 0 && /^([1-5](\d\d|XX)|default)$/.test(word);
const isMediaType = (word: string, at: number): boolean => at === 1 && word.includes('/');
