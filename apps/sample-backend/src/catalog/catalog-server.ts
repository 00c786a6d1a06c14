import { readFileSync } from 'node:fs';

import { catalogSchemaPath } from '@bff/clients/protocols';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';

import { answerJson } from '../answer-json.js';
import type { FaultBoard } from '../faults/fault-board.js';
import { startHttpService, type HttpHandler } from '../faults/http-service.js';
import type { Address } from '../faults/listener-gate.js';
import type { RunningService } from '../service.js';
import { catalogQueries } from './catalog-queries.js';

/** The catalog service: GraphQL over HTTP at `/graphql`. */
export function startCatalog(address: Address, faults: FaultBoard): Promise<RunningService> {
  const schema = buildSchema(readFileSync(catalogSchemaPath, 'utf8'));
  const answerGraphql = createHandler({ schema, rootValue: catalogQueries });

  const answerCatalog: HttpHandler = (req, res) => {
    const path = new URL(req.url ?? '/', 'http://catalog').pathname;
    if (path === '/graphql') return answerGraphql(req, res);
    if (path === '/health') return answerJson(res, 200, { status: 'ok' });
    answerJson(res, 404, { error: 'not_found', message: `nothing at ${path}` });
  };
  return startHttpService('catalog', address, faults, answerCatalog);
}
