import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { readConfig } from '../config/config.js';
import type { GatewayDefinition } from '../gateway-definition.js';
import { GatewayModule } from '../gateway.module.js';
import { readRoutes } from '../management/route-table.js';
import { createOpenApiDocument } from './create-openapi-document.js';
import type { OpenApiDocument } from './document.js';

/** The document of a gateway that does not run: its modules are read and nothing is instantiated, opened or called. */
export async function readOpenApiDocument(definition: GatewayDefinition): Promise<OpenApiDocument> {
  const module = GatewayModule.around(definition, readConfig(definition, {}));
  const app = await NestFactory.createApplicationContext(module, {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return createOpenApiDocument(definition, readRoutes(app));
}
