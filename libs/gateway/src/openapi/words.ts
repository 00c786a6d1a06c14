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
  const words = segmentsOf(route).map((segment) =>
    segment.startsWith(':') ? `By${capitalize(segment.slice(1))}` : camel(segment),
  );
  return `${route.method.toLowerCase()}${words.join('')}`;
}

export function tagOf(route: DeclaredRoute): string {
  return segmentsOf(route)[0] ?? '/';
}

/** `/api/orders/:id` → `/api/orders/{id}`. */
export function templateOf({ path }: DeclaredRoute): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** What is read is called as its view, what is changed as the controller that does it. */
export function summaryOf({ method, view, controller }: DeclaredRoute): string {
  const action = controllerName(controller);
  return toWords(method === 'GET' ? (view?.name ?? action) : action);
}

/** `PlaceOrderController` → `PlaceOrder`. */
export function controllerName(controller: string): string {
  return controller.replace(/Controller$/, '');
}

/** What it answers with, who may call it, and what its input says about itself. */
export function descriptionOf(route: DeclaredRoute): string {
  const inputs = route.inputs.flatMap(({ schema }) => schema?.description ?? []);
  return [...inputs, sectionsText(route), accessText(route)].filter((part) => part !== '').join(' ');
}

function sectionsText({ view }: DeclaredRoute): string {
  if (view === undefined) return '';
  const [required, optional] = [true, false].map((isRequired) =>
    renderedSections(view)
      .filter((name) => view.sections[name]?.required === isRequired)
      .map((name) => `\`${name}\``),
  );
  const always = required?.length ? `: ${listed(required)}` : '';
  const perhaps = optional?.length ? `; as far as can be had, ${listed(optional)}` : '';
  return `Answers with the view \`${view.name}\`${always}${perhaps}.`;
}

function accessText({ access, scopes }: DeclaredRoute): string {
  if (access === 'public') return 'Open to everybody.';
  if (scopes.length === 0) return 'For every known caller.';
  return `Needs ${scopes.length === 1 ? 'the scope' : 'the scopes'} ${listed(scopes.map((scope) => `\`${scope}\``))}.`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
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

function capitalize(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
