import type { GatewayDefinition } from '../gateway-definition.js';
import type { DeclaredRoute } from '../management/route-table.js';
import { readAppManifest } from './app-manifest.js';
import { Components } from './components.js';
import type { OpenApiDocument, Operation } from './document.js';
import { headersIn } from './headers.js';
import { type OperationOptions, toOperation } from './operation.js';
import { usedParameters } from './parameters.js';
import { problemResponses } from './problem-responses.js';
import { addCommonRecords } from './record-schemas.js';
import { type Access, securityOf, securitySchemes } from './security.js';
import { addMetaSchemas } from './view-schemas.js';
import { describeTag, tagOf, templateOf } from './words.js';

const server = {
  url: '/',
  description: 'This gateway, in production, in staging or on a local machine.',
  'x-internal': false,
};

/** What a gateway's routes, views and inputs say about themselves, as OpenAPI. Throws where two say different things. */
export function createOpenApiDocument(
  definition: GatewayDefinition,
  access: Access,
  routes: readonly DeclaredRoute[],
): OpenApiDocument {
  const components = new Components();
  const responses = problemResponses(components, routes, access);
  addMetaSchemas(components);
  addCommonRecords(components);
  const paths = pathsOf(routes, { components, access, isMetaAlways: definition.meta === 'always' });
  return {
    openapi: '3.1.1',
    info: infoOf(definition),
    servers: [server],
    tags: tagsOf(routes),
    security: securityOf({ access: 'caller', scopes: [] }, access),
    paths,
    components: {
      schemas: components.allSchemas(),
      responses,
      parameters: usedParameters(paths, access),
      examples: components.allExamples(),
      headers: headersIn({ paths, responses }),
      securitySchemes: securitySchemes(routes, access),
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
  return tags.map((name) => ({ name, description: describeTag(name) }));
}

function pathsOf(routes: readonly DeclaredRoute[], options: OperationOptions): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const operation = toOperation(route, options);
    (paths[templateOf(route)] ??= {})[route.method.toLowerCase()] = operation;
  }
  return paths;
}
