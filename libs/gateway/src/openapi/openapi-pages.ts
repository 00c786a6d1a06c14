import { hash } from 'node:crypto';
import type { GatewayDefinition } from '../gateway-definition.js';
import type { Page, Pages } from '../management/management-server.js';
import type { DeclaredRoute } from '../management/route-table.js';
import { createOpenApiDocument } from './create-openapi-document.js';
import { docsStyle, toDocsPage } from './docs/docs-page.js';
import type { OpenApiDocument } from './document.js';
import type { Access } from './security.js';

/** `/openapi.json`, and `/docs`, which is made of it for people; both are written when somebody first asks. */
export function openApiPages(
  definition: GatewayDefinition,
  access: Access,
  routes: readonly DeclaredRoute[],
): Pages {
  let document: OpenApiDocument | undefined;
  let docs: Page | undefined;
  const made = (): OpenApiDocument => (document ??= createOpenApiDocument(definition, access, routes));
  return {
    '/openapi.json': () => ({ body: made() }),
    '/docs': () => (docs ??= docsPage(made())),
  };
}

/** The page's own style is all that it may load: no script, no font, no picture, no other host. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', docsStyle, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function docsPage(document: OpenApiDocument): Page {
  return {
    body: toDocsPage(document),
    contentType: 'text/html; charset=utf-8',
    headers: { 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer' },
  };
}
