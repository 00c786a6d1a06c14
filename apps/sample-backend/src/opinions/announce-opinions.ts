import { announce, type Announcing } from '@bff/announce';
import { log } from '../log.js';
import type { Address } from '../faults/listener-gate.js';
import { toReachable } from '../to-reachable.js';

export interface AnnouncementSettings {
  /** URL of the Redis that the gateways listen to. */
  readonly redis: string;
  /** Private, PEM or base64 of PKCS #8. */
  readonly key: string;
  /** Where gateways reach it; its own address when not given. */
  readonly url?: string | undefined;
}

/** Tells both gateways where opinions are, each under a path as its clients know them. */
export function announceOpinions(
  { redis, key, url }: AnnouncementSettings,
  { host, port }: Address,
): Promise<Announcing> {
  return announce({
    redis,
    issuer: 'opinions',
    privateKey: key,
    targets: [url ?? `http://${toReachable(host)}:${port}`],
    routes: [
      route('of-product', '/api/opinions/:sku', 'web-bff'),
      route('of-product-mobile', '/v1/opinions/:sku', 'mobile-bff'),
    ],
    onError: ({ message }) => log('not announced', { service: 'opinions', error: message }),
  });
}

function route(name: string, path: string, gateway: string) {
  return {
    name,
    path,
    methods: ['GET' as const, 'HEAD' as const],
    rewrite: '/opinions/:sku',
    gateways: [gateway],
  };
}
