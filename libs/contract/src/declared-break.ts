import { parse } from 'yaml';
import { type Change, type ChangeKind, changeKinds } from './change.js';
import { isObject, type JsonObject } from './json.js';

/** A break that is meant, as `contract-changes.yaml` declares it. */
export interface DeclaredBreak {
  /**
   * `<operation>: <where>`, or `schema <name>: <where>` for every place that uses the schema. A word `*` stands for any
   * one word, an operation `*` for any operation.
   */
  readonly change: string;
  readonly kind: ChangeKind;
  /** For frontend developers. */
  readonly why: string;
  /** YYYY-MM-DD. */
  readonly since: string;
}

/** What `why` says in an entry that was pasted and not filled in. */
export const unanswered = '…';

/**
 * The declared breaks of each app, from YAML: `<app>: [{ change, kind, why, since }]`. Throws Error that lists everything
 * wrong, a line each.
 */
export function readDeclaredBreaks(text: string): ReadonlyMap<string, readonly DeclaredBreak[]> {
  const apps: unknown = parse(text) ?? {};
  if (!isObject(apps)) throw new Error('the apps must be a map: `<app>: [<entry>, …]`');
  const lists = Object.entries(apps).map(([app, list]) => [app, list ?? []] as const);
  const mistakes = lists.flatMap(([app, list]) =>
    Array.isArray(list)
      ? list.flatMap((entry, at) => mistakesOf(entry).map((mistake) => `${app}[${at}]: ${mistake}`))
      : [`${app}: must be a list`],
  );
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return new Map(lists as [string, DeclaredBreak[]][]);
}

const rules: Readonly<Record<keyof DeclaredBreak, readonly [RegExp, string]>> = {
  change: [/^\S.*: \S/, '`change` must be `<operation>: <where>`'],
  kind: [new RegExp(`^(${changeKinds.join('|')})$`), '`kind` must be one that `npm run contract` names'],
  why: [new RegExp(`^(?!${unanswered}$).*\\S`, 's'), '`why` must tell frontend developers why'],
  since: [/^\d{4}-\d\d-\d\d$/, '`since` must be a day: YYYY-MM-DD'],
};

function mistakesOf(entry: unknown): readonly string[] {
  if (!isObject(entry)) return ['must be `{ change, kind, why, since }`'];
  const wrong = Object.entries(rules).filter(([name, [pattern]]) => !pattern.test(textAt(entry, name)));
  const unknown = Object.keys(entry).filter((name) => !Object.hasOwn(rules, name));
  return [...wrong.map(([, [, rule]]) => rule), ...unknown.map((name) => `unknown key \`${name}\``)];
}

function textAt(entry: JsonObject, name: string): string {
  const value = entry[name];
  return typeof value === 'string' ? value : '';
}

export function covers(declared: DeclaredBreak, { kind, operation, where, schema }: Change): boolean {
  const at = declared.change.indexOf(': ');
  const [owner, place] = [declared.change.slice(0, at), declared.change.slice(at + 2)];
  if (declared.kind !== kind) return false;
  if (schema && owner === `schema ${schema.name}`) return fits(place, schema.where);
  return (owner === '*' || owner === operation) && fits(place, where);
}

function fits(pattern: string, where: string): boolean {
  const [wanted, words] = [pattern.split(' '), where.split(' ')];
  return (
    wanted.length === words.length && wanted.every((word, index) => word === '*' || word === words[index])
  );
}
