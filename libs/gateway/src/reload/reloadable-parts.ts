import type { INestApplicationContext } from '@nestjs/common';
import { ApiKeyMethod } from '@bff/auth';
import { AddressLimitGuard, CallerLimitGuard } from '@bff/throttling';
import { Upstreams } from '@bff/upstream';
import type { GatewayConfig } from '../config/config.js';
import type { GatewayParts } from '../gateway-parts.js';
import { APP_CONFIG } from '../gateway.module.js';
import type { Prepare, PreparedChange } from './config-reload.js';

/** What nothing can be wrong with any more once the file has been read. */
function always(commit: () => void): PreparedChange {
  return { mistakes: [], commit, discard: () => undefined };
}

/** The parts of a gateway that take another configuration while it runs; but for its routes. */
export function reloadableParts(app: INestApplicationContext, { deadline }: GatewayParts): Prepare[] {
  const upstreams = app.get(Upstreams);
  const told = app.get<GatewayConfig['app']>(APP_CONFIG);
  return [
    (next) => {
      const change = upstreams.prepare(next.upstreams);
      return {
        mistakes: change.mistakes,
        commit: () => upstreams.commit(change, next.upstreams),
        discard: () => change.discard(),
      };
    },
    ({ limits }) =>
      always(() => {
        app.get(AddressLimitGuard).setLimit(limits.address);
        app.get(CallerLimitGuard).setLimit(limits.caller);
      }),
    ({ deadlineMs }) => always(() => void (deadline.ms = deadlineMs)),
    ({ auth }) => always(() => app.get(ApiKeyMethod).replace(auth.apiKeys)),
    (next) => always(() => void Object.assign(told, next.app)),
  ];
}
