import type { Answer, Content, OpenApiDocument, Operation, Parameter, Ref } from '../document.js';
import { html, type Html, prose } from '../../html.js';
import { typeOf } from './schema-type.js';

/** One operation: what it takes, what it answers with, an example of each. */
export function operationSection({ components }: OpenApiDocument, title: string, operation: Operation): Html {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const taken = parameters.map((parameter) => resolve(parameter, components.parameters));
  const answers = Object.entries(responses).map(
    ([status, answer]) => [status, resolve(answer, components.responses)] as const,
  );
  const body =
    requestBody === undefined
      ? ''
      : html`<h4>Body</h4>
          ${contentList(requestBody.content, components)}`;
  return html`<section class="operation" id="${operationId}">
    <h3><code>${title}</code></h3>
    <p><strong>${summary}.</strong> ${prose(description)}</p>
    ${parameterTable(taken)} ${body}
    <h4>Answers</h4>
    ${answers.map(([status, answer]) => answerDetails(status, answer, components))}
  </section> `;
}

function parameterTable(parameters: readonly Parameter[]): Html {
  const rows = parameters.map(
    ({ name, in: place, required, schema, description, example }) =>
      html`<tr>
        <td><code>${name}</code></td>
        <td>${place}${required ? ', required' : ''}</td>
        <td>${typeOf(schema)}</td>
        <td>
          ${prose(description)} <span class="soft">e.g. <code>${JSON.stringify(example) ?? ''}</code></span>
        </td>
      </tr> `,
  );
  return html`<table>
    <tr>
      <th>Parameter</th>
      <th>in</th>
      <th>Type</th>
      <th></th>
    </tr>
    ${rows}
  </table>`;
}

function answerDetails(status: string, answer: Answer, components: OpenApiDocument['components']): Html {
  const { description, headers, content = {} } = answer;
  const names = Object.keys(headers).map((name) => html`<code>${name}</code> `);
  return html`<details${status.startsWith('2') ? html` open` : ''}><summary><strong>${status}</strong> ${prose(description)}</summary>
<p class="soft">Headers: ${names}</p>
${contentList(content, components)}</details>
`;
}

/** Media types that say the same are shown together. */
function contentList(content: Content, { examples }: OpenApiDocument['components']): Html[] {
  const groups = Map.groupBy(Object.entries(content), ([, media]) => JSON.stringify(media));
  return [...groups.values()].map((group) => {
    const [, media] = group[0] ?? [];
    const shown = Object.values(media?.examples ?? {}).map((ref) => resolve(ref, examples));
    const types = group.map(([type]) => html`<code>${type}</code> `);
    return html`<p>${types}${typeOf(media?.schema ?? {})}</p>
      ${shown.map(
        ({ summary, value }) =>
          html`<p class="soft">${prose(summary)}</p>
            <pre>${JSON.stringify(value, null, 2)}</pre> `,
      )}`;
  });
}

function resolve<T extends object>(found: T | Ref, components: Readonly<Record<string, T>>): T {
  if (!('$ref' in found)) return found;
  const name = found.$ref.split('/').at(-1) ?? '';
  const component = components[name];
  if (component === undefined) throw new Error(`OpenAPI: there is no component ${name}`);
  return component;
}
