import type { INestApplicationContext } from '@nestjs/common';
import { ApiKeyMethod } from '@bff/auth';
import { AddressLimitGuard, CallerLimitGuard } from '@bff/throttling';
import { RouteTableError } from '@bff/proxy';
import { Upstreams, type UpstreamsChange } from '@bff/upstream';
import type { GatewayConfig } from '../config/config.js';
import type { GatewayParts } from '../gateway-parts.js';
import { APP_CONFIG } from '../gateway.module.js';
import type { ProxyFront } from '../proxy/proxy-front.js';
import type { Registration } from '../registration/registration.js';
import type { Prepare, PreparedChange } from './config-reload.js';

/** What nothing can be wrong with any more once the file has been read. */
function always(commit: () => void): PreparedChange {
  return { mistakes: [], commit, discard: () => undefined };
}

/** The parts of a gateway that take another configuration while it runs. */
export function reloadableParts(
  app: INestApplicationContext,
  { deadline, appVersions }: GatewayParts,
  { front, registration }: { readonly front: ProxyFront; readonly registration: Registration },
): Prepare[] {
  const upstreams = app.get(Upstreams);
  const told = app.get<GatewayConfig['app']>(APP_CONFIG);
  return [
    (next) => {
      // Routes may be about upstreams that are new: both are one change.
      const change = upstreams.prepare(next.upstreams);
      const table = buildTable(front, next, change);
      return {
        mistakes: [...change.mistakes, ...table.mistakes],
        commit: () => {
          upstreams.commit(change, next.upstreams);
          front.use(table.live);
        },
        discard: () => change.discard(),
      };
    },
    (next) => ({
      mistakes: registration.mistakesOf(next.registration),
      commit: () => registration.configure(next.registration),
      discard: () => undefined,
    }),
    ({ limits }) =>
      always(() => {
        app.get(AddressLimitGuard).setLimit(limits.address);
        app.get(CallerLimitGuard).setLimit(limits.caller);
      }),
    ({ deadlineMs }) => always(() => void (deadline.ms = deadlineMs)),
    ({ auth }) => always(() => app.get(ApiKeyMethod).replace(auth.apiKeys)),
    ({ app: next }) =>
      always(() => {
        Object.assign(told, next);
        appVersions.use(next.versions);
      }),
  ];
}

function buildTable(front: ProxyFront, { proxy }: GatewayConfig, change: UpstreamsChange) {
  try {
    return { live: front.build(proxy, (name, Protocol) => change.open(name, Protocol)), mistakes: [] };
  } catch (error) {
    if (!(error instanceof RouteTableError)) throw error;
    return { live: undefined, mistakes: error.mistakes };
  }
}
