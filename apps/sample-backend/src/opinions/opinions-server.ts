import { answerJson } from '../answer-json.js';
import { findProduct } from '../data/products.js';
import { opinions } from '../data/opinions.js';
import type { FaultBoard } from '../faults/fault-board.js';
import { startHttpService } from '../faults/http-service.js';
import type { Address } from '../faults/listener-gate.js';
import { AssertionVerifier } from '../gateway-only/assertion-verifier.js';
import type { GatewayKeys } from '../gateway-only/gateway-keys.js';
import { onlyThroughGateway, type GatewayHandler } from '../gateway-only/only-through-gateway.js';
import type { RunningService } from '../service.js';
import { withHealth } from '../with-health.js';
import { announceOpinions, type AnnouncementSettings } from './announce-opinions.js';

interface OpinionsOptions {
  readonly address: Address;
  readonly faults: FaultBoard;
  readonly gateways: GatewayKeys;
  readonly announcement: AnnouncementSettings;
}

/**
 * The opinion service, HTTP with JSON: what people say of products. No gateway has it in its `gateway.yaml` as an
 * upstream; it announces itself to all of them once it listens, and says goodbye before it closes.
 */
export async function startOpinions({
  address,
  faults,
  gateways,
  announcement,
}: OpinionsOptions): Promise<RunningService> {
  const answerCall = onlyThroughGateway(new AssertionVerifier('opinions', gateways), answerOpinions);
  const service = await startHttpService('opinions', address, faults, withHealth(answerCall));
  const announcing = await announceOpinions(announcement, { host: address.host, port: service.port });
  return {
    port: service.port,
    close: async () => {
      await announcing.close();
      await service.close();
    },
  };
}

const answerOpinions: GatewayHandler = (req, res) => {
  const path = new URL(req.url ?? '/', 'http://opinions').pathname;
  if (req.method !== 'GET' && req.method !== 'HEAD')
    return answerJson(res, 405, { error: 'method_not_allowed' }, { allow: 'GET, HEAD' });
  const sku = /^\/opinions\/([^/]+)$/.exec(path)?.[1];
  if (sku === undefined || findProduct(sku) === undefined)
    return answerJson(res, 404, { error: 'not_found', message: `nothing at ${path}` });
  const found = opinions.filter((opinion) => opinion.sku === sku);
  const sum = found.reduce((total, { rating }) => total + rating, 0);
  answerJson(res, 200, {
    sku,
    count: found.length,
    average: found.length === 0 ? null : sum / found.length,
    opinions: found,
  });
};
