import type { Change, ChangeKind, Severity } from './change.js';
import { listOf, objectOf, sideBySide, toText } from './json.js';
import type { Operation } from './operation.js';
import { toChange } from './place.js';

/** A way to sign in: all of its schemes together, with the scopes they need. */
interface Way {
  readonly scopes: ReadonlySet<string>;
  /** How the credentials are sent, as JSON. */
  readonly definition: string;
}

/** Ways are alternatives, so one more helps and one less hurts; the scopes of a way are all needed. */
export function compareSecurity(operation: string, before: Operation, after: Operation): readonly Change[] {
  const change = (kind: ChangeKind, severity: Severity, ...details: string[]): Change =>
    toChange(
      { operation, where: ['security', ...details].join(' '), subject: 'This call', direction: 'request' },
      kind,
      severity,
      { detail: details.at(-1) ?? '' },
    );
  const [one, other] = [waysOf(before), waysOf(after)];
  if (!one && !other) return [];
  if (!one) return [change('security-added', 'breaking')];
  if (!other) return [change('security-removed', 'additive')];
  return sideBySide(one, other).flatMap(([schemes, was, is]) => {
    if (!was) return [change('scheme-added', 'additive', schemes)];
    if (!is) return [change('scheme-removed', 'breaking', schemes)];
    const only = (some: Way, rest: Way): string[] =>
      [...some.scopes].filter((scope) => !rest.scopes.has(scope));
    return [
      ...(was.definition === is.definition ? [] : [change('scheme-changed', 'breaking', schemes)]),
      ...only(is, was).map((scope) => change('scope-added', 'breaking', schemes, scope)),
      ...only(was, is).map((scope) => change('scope-removed', 'additive', schemes, scope)),
    ];
  });
}

/** By their schemes; undefined when nobody has to sign in. */
function waysOf({ document, definition }: Operation): ReadonlyMap<string, Way> | undefined {
  const requirements = listOf(definition['security'] ?? document.get('security')).map(objectOf);
  if (requirements.length === 0 || requirements.some((one) => Object.keys(one).length === 0))
    return undefined;
  const known = objectOf(objectOf(document.get('components'))['securitySchemes']);
  const ways = new Map<string, Way>();
  for (const requirement of requirements) {
    const names = Object.keys(requirement).toSorted();
    ways.set(nextName(names.join('+'), ways), {
      scopes: new Set(Object.values(requirement).flatMap(listOf).map(String)),
      definition: toText(names.map((name) => howItIsSent(document.resolve(known[name])))),
    });
  }
  return ways;
}

/** Two ways may differ in their scopes alone. */
function nextName(schemes: string, ways: ReadonlyMap<string, Way>): string {
  let name = schemes;
  for (let count = 2; ways.has(name); count += 1) name = `${schemes}(${count})`;
  return name;
}

/** Without texts, and without the addresses of an identity provider, which differ between places. */
function howItIsSent({ type, scheme, in: location, name }: ReturnType<typeof objectOf>): unknown {
  return { type, scheme: typeof scheme === 'string' ? scheme.toLowerCase() : '', location, name };
}
