import { readFileSync } from 'node:fs';

import { catalogSchemaPath } from '@bff/clients/protocols';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';

import { answerJson } from '../answer-json.js';
import type { FaultBoard } from '../faults/fault-board.js';
import { startHttpService, type HttpHandler } from '../faults/http-service.js';
import type { Address } from '../faults/listener-gate.js';
import { AssertionVerifier } from '../gateway-only/assertion-verifier.js';
import type { GatewayKeys } from '../gateway-only/gateway-keys.js';
import { onlyThroughGateway } from '../gateway-only/only-through-gateway.js';
import type { RunningService } from '../service.js';
import { catalogQueriesOf } from './catalog-queries.js';

/** The catalog service: GraphQL over HTTP at `/graphql`. */
export function startCatalog(
  address: Address,
  faults: FaultBoard,
  gateways: GatewayKeys,
): Promise<RunningService> {
  const schema = buildSchema(readFileSync(catalogSchemaPath, 'utf8'));
  const answerGraphql = onlyThroughGateway(new AssertionVerifier('catalog', gateways), (req, res, call) =>
    createHandler({ schema, rootValue: catalogQueriesOf(call) })(req, res),
  );

  const answerCatalog: HttpHandler = (req, res) => {
    const path = new URL(req.url ?? '/', 'http://catalog').pathname;
    if (path === '/graphql') return answerGraphql(req, res);
    if (path === '/health') return answerJson(res, 200, { status: 'ok' });
    answerJson(res, 404, { error: 'not_found', message: `nothing at ${path}` });
  };
  return startHttpService('catalog', address, faults, answerCatalog);
}
