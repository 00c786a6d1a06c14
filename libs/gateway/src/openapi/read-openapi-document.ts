import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AssertionSigner } from '@bff/auth';
import { MemoryStore } from '@bff/store';
import { readConfig } from '../config/config.js';
import type { GatewayDefinition } from '../gateway-definition.js';
import { GatewayModule } from '../gateway.module.js';
import { readRoutes } from '../management/route-table.js';
import { KeyedCalls } from '../idempotency/keyed-calls.js';
import { createOpenApiDocument } from './create-openapi-document.js';
import type { OpenApiDocument } from './document.js';

/** The document of a gateway that does not run: its modules are read and nothing is instantiated, opened or called. */
export async function readOpenApiDocument(definition: GatewayDefinition): Promise<OpenApiDocument> {
  const config = readConfig(definition, {});
  const assertions = new AssertionSigner({ issuer: `urn:bff:${definition.name}`, secrets: config.secrets });
  const module = GatewayModule.around(definition, config, {
    assertions,
    store: new MemoryStore(),
    keyedCalls: new KeyedCalls(),
  });
  const app = await NestFactory.createApplicationContext(module, {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return createOpenApiDocument(definition, config.auth, readRoutes(app));
}
