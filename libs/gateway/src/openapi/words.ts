import type { RequiredAuthentication } from '@bff/auth';
import type { DeclaredRoute } from '../management/route-table.js';
import { renderedSections } from '@bff/views';

/** What a path starts with that says nothing about what is behind it. */
const prefixes = new Set(['api', 'v1']);

/** The segments of a path that mean something. */
function segmentsOf({ path }: DeclaredRoute): string[] {
  const segments = path.split('/').filter((segment) => segment !== '');
  return prefixes.has(segments[0] ?? '') ? segments.slice(1) : segments;
}

/** GET /api/orders/:id → `getOrdersById`. */
export function operationIdOf(route: DeclaredRoute): string {
  if (route.answer !== undefined) return route.answer.operation;
  const words = segmentsOf(route).map((segment) =>
    segment.startsWith(':') ? `By${capitalize(segment.slice(1))}` : camel(segment),
  );
  return `${route.method.toLowerCase()}${words.join('')}`;
}

export function tagOf(route: DeclaredRoute): string {
  return isOfSignIn(route) ? signInTag : (segmentsOf(route)[0] ?? '/');
}

const signInTag = 'sign-in';

/** The gateway's own: no service is called for it. */
export function isOfSignIn({ path }: Pick<DeclaredRoute, 'path'>): boolean {
  return path.startsWith('/bff/');
}

export function describeTag(tag: string): string {
  if (tag === signInTag) return 'Who is signed in, and where; how that begins and ends.';
  return `${toWords(tag)}: what is shown of them, and done with them.`;
}

/** `/api/orders/:id` → `/api/orders/{id}`. */
export function templateOf({ path }: DeclaredRoute): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** What is read is called as its view, what is changed as the controller that does it; what is no view, as itself. */
export function summaryOf({ method, view, controller, answer }: DeclaredRoute): string {
  if (answer !== undefined) return toWords(answer.operation.replace(/^get/, ''));
  const action = controllerName(controller);
  return toWords(method === 'GET' ? (view?.name ?? action) : action);
}

/** `PlaceOrderController` → `PlaceOrder`. */
export function controllerName(controller: string): string {
  return controller.replace(/Controller$/, '');
}

/** What it does and answers with, and who may call it; an action's input says what it does. */
export function descriptionOf(route: DeclaredRoute): string {
  const inputs = route.inputs.flatMap(({ schema }) => schema?.description ?? []);
  const about = route.answer === undefined ? [...inputs, sectionsText(route)] : [route.answer.description];
  return [...about, accessText(route)].filter((part) => part !== '').join(' ');
}

function sectionsText({ view }: DeclaredRoute): string {
  if (view === undefined) return '';
  const [required, optional] = [true, false].map((isRequired) =>
    renderedSections(view).filter((name) => view.sections[name]?.required === isRequired),
  );
  const always = required?.length ? `: ${quoted(required)}` : '';
  const perhaps = optional?.length ? `; as far as can be had, ${quoted(optional)}` : '';
  return `Answers with the view \`${view.name}\`${always}${perhaps}.`;
}

function accessText({ access, scopes, stepUp }: DeclaredRoute): string {
  if (access === 'public') return 'Open to everybody.';
  const needed = `${scopes.length === 1 ? 'the scope' : 'the scopes'} ${quoted(scopes)}`;
  const scoped = scopes.length === 0 ? 'For every known caller.' : `Needs ${needed}.`;
  return stepUp === undefined ? scoped : `${scoped} ${stepUpText(stepUp)}`;
}

function stepUpText({ acrValues = [], maxAgeSeconds }: RequiredAuthentication): string {
  const ways = acrValues.length === 0 ? '' : ` by ${listed(quoteEach(acrValues), 'or')}`;
  const age = maxAgeSeconds === undefined ? '' : ` no more than ${maxAgeSeconds} s ago`;
  return `Needs a sign-in${ways}${age}.`;
}

function quoted(names: readonly string[]): string {
  return listed(quoteEach(names));
}

function quoteEach(names: readonly string[]): string[] {
  return names.map((name) => `\`${name}\``);
}

function listed(names: readonly string[], and = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${and} ${names.at(-1) ?? ''}`;
}

/** `OrderDetails` → `Order details`. */
export function toWords(name: string): string {
  return capitalize(
    name
      .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
      .replaceAll('-', ' ')
      .toLowerCase(),
  );
}

function camel(segment: string): string {
  return segment
    .split(/[^A-Za-z\d]+/)
    .map(capitalize)
    .join('');
}

export function capitalize(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
