import type { JsonSchema } from '../document.js';
import { html, type Html } from '../../html.js';

/** In a few words what values of a schema are; the name of a component leads to it. */
export function typeOf(schema: JsonSchema): Html {
  if (schema.$ref !== undefined) return linkTo(schema.$ref);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return listed(alternatives.map(typeOf));
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined)
    return listed(schema.enum.map((one) => html`<code>${JSON.stringify(one)}</code>`));
  if (typeof schema.additionalProperties === 'object')
    return html`${typeOf(schema.additionalProperties)} by name`;
  const types = [schema.type ?? 'any value'].flat();
  if (types.includes('array')) return html`list of ${typeOf(schema.items ?? {})}`;
  return html`${types.join(' or ')}${limitsOf(schema)}`;
}

function linkTo(ref: string): Html {
  const [name = '', ...path] = ref.replace('#/components/schemas/', '').split('/');
  return html`<a href="#schema-${name}"
    >${[name, ...path.filter((part) => part !== 'properties')].join('.')}</a
  >`;
}

function listed(parts: readonly Html[]): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html` | ${part}`))}`;
}

function limitsOf({ format, minLength, maxLength, minimum, maximum }: JsonSchema): string {
  const isWide = minimum === Number.MIN_SAFE_INTEGER || maximum === Number.MAX_SAFE_INTEGER;
  const limits = [
    format,
    range(minLength, maxLength, 'characters'),
    isWide ? undefined : range(minimum, maximum, ''),
  ].filter((limit) => limit !== undefined);
  return limits.length === 0 ? '' : ` (${limits.join(', ')})`;
}

function range(from: number | undefined, to: number | undefined, unit: string): string | undefined {
  if (from === undefined && to === undefined) return undefined;
  const limits = from === to ? `${from ?? ''}` : `${from ?? ''}…${to ?? ''}`;
  return `${limits} ${unit}`.trim();
}
