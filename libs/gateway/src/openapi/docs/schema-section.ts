import type { JsonSchema } from '../document.js';
import { html, type Html, prose } from '../../html.js';
import { typeOf } from './schema-type.js';

/** A named schema with its members, theirs included. */
export function schemaSection(name: string, schema: JsonSchema): Html {
  return html`<section id="schema-${name}">
    <h3>${name}</h3>
    <p>${prose(schema.description ?? '')}</p>
    ${contentOf(schema)}
  </section> `;
}

function contentOf(schema: JsonSchema): Html | Html[] {
  const alternatives = schema.oneOf ?? [];
  if (alternatives.some(({ properties }) => properties !== undefined)) return alternatives.flatMap(contentOf);
  const rows = membersOf(schema, '');
  return rows.length === 0
    ? html`<p>${typeOf(schema)}</p>`
    : html`<table>
        ${rows}
      </table>`;
}

function membersOf({ properties = {}, required = [] }: JsonSchema, prefix: string): Html[] {
  return Object.entries(properties).flatMap(([name, member]) => {
    const path = `${prefix}${name}`;
    const row = html`<tr>
      <td><code>${path}</code>${required.includes(name) ? '' : html` <span class="soft">optional</span>`}</td>
      <td>${typeOf(member)}</td>
      <td>${prose(member.description ?? '')}</td>
    </tr> `;
    return [row, ...innerOf(member, path)];
  });
}

/** Members of an object, and of the objects in a list. */
function innerOf(member: JsonSchema, path: string): Html[] {
  if (member.items?.properties !== undefined) return membersOf(member.items, `${path}[].`);
  return membersOf(member, `${path}.`);
}
