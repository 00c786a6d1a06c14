import type { GatewayDefinition } from '../gateway-definition.js';
import type { DeclaredRoute } from '../management/route-table.js';
import { readAppManifest } from './app-manifest.js';
import { Components } from './components.js';
import type { OpenApiDocument, Operation } from './document.js';
import { headersIn } from './headers.js';
import { toOperation } from './operation.js';
import { headerParameters } from './parameters.js';
import { problemResponses } from './problem-responses.js';
import { addCommonRecords } from './record-schemas.js';
import { securitySchemes } from './security.js';
import { addMetaSchemas } from './view-schemas.js';
import { tagOf, templateOf, toWords } from './words.js';

const server = {
  url: '/',
  description: 'This gateway, in production, in staging or on a local machine.',
  'x-internal': false,
};

/** What a gateway's routes, views and inputs say about themselves, as OpenAPI. Throws where two say different things. */
export function createOpenApiDocument(
  definition: GatewayDefinition,
  routes: readonly DeclaredRoute[],
): OpenApiDocument {
  const components = new Components();
  const responses = problemResponses(components, routes);
  addMetaSchemas(components);
  addCommonRecords(components);
  const paths = pathsOf(definition, routes, components);
  return {
    openapi: '3.1.1',
    info: infoOf(definition),
    servers: [server],
    tags: tagsOf(routes),
    security: [{ bearer: [] }],
    paths,
    components: {
      schemas: components.allSchemas(),
      responses,
      parameters: headerParameters,
      examples: components.allExamples(),
      headers: headersIn({ paths, responses }),
      securitySchemes: securitySchemes(routes),
    },
  };
}

function infoOf(definition: GatewayDefinition): OpenApiDocument['info'] {
  const { version, description } = readAppManifest(definition);
  return {
    title: definition.name,
    version,
    description,
    contact: { name: `The team that owns ${definition.name}` },
    license: { name: 'All rights reserved', identifier: 'LicenseRef-UNLICENSED' },
  };
}

function tagsOf(routes: readonly DeclaredRoute[]): OpenApiDocument['tags'] {
  const tags = [...new Set(routes.map(tagOf))].toSorted();
  return tags.map((name) => ({
    name,
    description: `${toWords(name)}: what is shown of them, and done with them.`,
  }));
}

function pathsOf(
  { meta }: GatewayDefinition,
  routes: readonly DeclaredRoute[],
  components: Components,
): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const operation = toOperation(route, { components, isMetaAlways: meta === 'always' });
    (paths[templateOf(route)] ??= {})[route.method.toLowerCase()] = operation;
  }
  return paths;
}
