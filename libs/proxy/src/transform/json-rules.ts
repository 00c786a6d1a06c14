/**
 * What becomes of a whole JSON answer, in this order: what is not allowed, or is denied, is left out; what is left is
 * renamed; all of it is put under one name. Paths are dotted, as the service names things, and go through arrays.
 */
export interface JsonRules {
  /** Nothing else passes. Undefined: all. */
  readonly allow?: readonly string[] | undefined;
  /** Counts before what is allowed. */
  readonly deny: readonly string[];
  /** A new name by the path of what has it. */
  readonly rename: Readonly<Record<string, string>>;
  readonly wrap?: string | undefined;
}

/** What becomes of one value. */
export interface ValueRule {
  /** Whether what `members` does not name passes. */
  readonly keepsOthers: boolean;
  readonly members: ReadonlyMap<string, MemberRule>;
}

/** `drop`, or under which name it passes, and what becomes of what is in it; undefined: nothing. */
export type MemberRule =
  'drop' | { readonly name: string | undefined; readonly value: ValueRule | undefined };

/** What the rules say of one place. */
interface Place {
  isAllowed: boolean;
  isDenied: boolean;
  name: string | undefined;
  readonly members: Map<string, Place>;
}

/** For `transformJson`. Undefined: everything passes as it is. */
export function toValueRule({ allow, deny, rename }: Omit<JsonRules, 'wrap'>): ValueRule | undefined {
  const root = newPlace();
  for (const path of allow ?? []) placeOf(root, path).isAllowed = true;
  for (const path of deny) placeOf(root, path).isDenied = true;
  for (const [path, name] of Object.entries(rename)) placeOf(root, path).name = name;
  return valueRule(root, allow === undefined);
}

function placeOf(root: Place, path: string): Place {
  return path.split('.').reduce((place, name) => {
    const known = place.members.get(name) ?? newPlace();
    place.members.set(name, known);
    return known;
  }, root);
}

function newPlace(): Place {
  return { isAllowed: false, isDenied: false, name: undefined, members: new Map() };
}

function valueRule(place: Place, keepsOthers: boolean): ValueRule | undefined {
  if (keepsOthers && place.members.size === 0) return undefined;
  const members = [...place.members].map(([name, inner]) => [name, memberRule(inner, keepsOthers)] as const);
  return { keepsOthers, members: new Map(members) };
}

function memberRule(place: Place, isKept: boolean): MemberRule {
  const keepsOthers = isKept || place.isAllowed;
  if (place.isDenied || !(keepsOthers || hasAllowed(place))) return 'drop';
  return { name: place.name, value: valueRule(place, keepsOthers) };
}

function hasAllowed(place: Place): boolean {
  return [...place.members.values()].some((inner) => inner.isAllowed || hasAllowed(inner));
}

/** What of the rules can never mean anything, each with the key that it is about. */
export function ruleMistakes({
  allow = [],
  deny,
  rename,
}: JsonRules): [key: keyof JsonRules, message: string][] {
  const names = Object.keys(rename);
  const denied = (path: string): boolean => deny.some((one) => isWithin(path, one));
  const passes = (path: string): boolean =>
    allow.length === 0 || allow.some((one) => isWithin(path, one) || isWithin(one, path));
  const newPaths = Object.entries(rename).map(
    ([path, name]) => `${path.slice(0, path.lastIndexOf('.') + 1)}\0${name}`,
  );
  return [
    ...allow.filter(denied).map((path) => ['allow', `"${path}" is denied too`] as ['allow', string]),
    ...names
      .filter((path) => denied(path) || !passes(path))
      .map((path) => ['rename', `"${path}" does not pass`] as ['rename', string]),
    ...names
      .filter((_, index) => newPaths.indexOf(newPaths[index] ?? '') !== index)
      .map((path) => ['rename', `"${path}" gets a name that another one gets`] as ['rename', string]),
  ];
}

function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`);
}
