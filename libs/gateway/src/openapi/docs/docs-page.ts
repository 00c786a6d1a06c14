import type { OpenApiDocument, Operation } from '../document.js';
import { docsStyle } from './docs-style.js';
import { html, Html, prose } from '../../html.js';
import { operationSection } from './operation-section.js';
import { schemaSection } from './schema-section.js';

export { docsStyle };

/** Of one piece: white space inside of it would be another style than the one that the policy names. */
const style = new Html(`<style>${docsStyle}</style>`);

/** A document as a page for people: plain HTML without a script, readable where nothing else is reachable. */
export function toDocsPage(document: OpenApiDocument): string {
  const { info, tags, components } = document;
  const schemas = Object.entries(components.schemas).map(([name, schema]) => schemaSection(name, schema));
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${info.title} ${info.version}</title>
        ${style}
      </head>
      <body>
        <h1>${info.title} <span class="soft">${info.version}</span></h1>
        <p>${prose(info.description)}. The same for machines: <a href="/openapi.json">openapi.json</a>.</p>
        ${contents(document)} ${waysIn(document)} ${tags.map(({ name }) => tagSection(document, name))}
        <h2 id="schemas">Schemas</h2>
        ${schemas}
      </body>
    </html> `;
  return page.toString();
}

interface Located {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function operationsOf({ paths }: OpenApiDocument): Located[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

function contents(document: OpenApiDocument): Html {
  const links = operationsOf(document).map(
    ({ method, path, operation: { operationId } }) =>
      html`<li>
        <a href="#${operationId}"><code>${method} ${path}</code></a>
      </li> `,
  );
  return html`<nav>
    <ul>
      ${links}
      <li><a href="#schemas">Schemas</a></li>
    </ul>
  </nav>`;
}

function waysIn({ components }: OpenApiDocument): Html {
  const ways = Object.entries(components.securitySchemes).map(
    ([name, { description }]) => html`<li><strong>${name}</strong>: ${prose(description)}</li> `,
  );
  return html`<h2>Who may call</h2>
    <ul>
      ${ways}
    </ul>`;
}

function tagSection(document: OpenApiDocument, tag: string): Html {
  const operations = operationsOf(document).filter(({ operation }) => operation.tags.includes(tag));
  return html`<h2>${tag}</h2>
    ${operations.map(({ method, path, operation }) => operationSection(document, `${method} ${path}`, operation))}`;
}
