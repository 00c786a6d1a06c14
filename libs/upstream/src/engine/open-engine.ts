import { Logger } from '@nestjs/common';
import { ClientCredentials } from '../identity/client-credentials.js';
import { TokenExchange } from '../identity/token-exchange.js';
import {
  callerIdentity,
  nobody,
  tokenIdentity,
  type UpstreamIdentity,
} from '../identity/upstream-identity.js';
import { defaultPolicy, type UpstreamPolicy } from '../policy/upstream-policy.js';
import type { Endpoint, Place } from '../targets/endpoint.js';
import type { Connection } from '../targets/target.js';
import { Targets } from '../targets/targets.js';
import { defaultDns, type Identities, type UpstreamConfig } from '../upstream-options.js';
import { UpstreamSettingError } from '../upstream-setting.error.js';
import { UpstreamEngine } from './upstream-engine.js';

interface Transport<C> {
  readonly endpoints: readonly Endpoint[];
  /** False: the protocol finds out by itself where names lead. */
  readonly isResolved?: boolean;
  readonly open: (place: Place, policy: UpstreamPolicy) => C;
}

const logger = new Logger('Upstream');

/** The engine of one upstream as it is configured. Throws UpstreamSettingError. */
export function openEngine<C extends Connection>(
  name: string,
  config: UpstreamConfig,
  identities: Identities,
  { endpoints, open, isResolved = true }: Transport<C>,
): UpstreamEngine<C> {
  const policy = readPolicy(config);
  const identity = openIdentity(name, config, identities);
  const targets = new Targets<C>({
    upstream: name,
    endpoints,
    isResolved,
    open: (place) => open(place, policy),
    eject: policy.eject,
    dns: { ...defaultDns, ...config.dns },
    checkEveryMs: config.check?.everyMs,
    onEvent: (text) => logger.warn(`${name}: ${text}`),
  });
  return new UpstreamEngine({
    name,
    timeoutMs: config.timeoutMs,
    attemptTimeoutMs: config.attemptTimeoutMs,
    policy,
    identity,
    targets,
    onCircuit: (state, why) => logger.warn(`${name}: circuit ${state}: ${why}`),
  });
}

export function readPolicy(config: UpstreamConfig): UpstreamPolicy {
  const { slowShare, ...usual } = defaultPolicy;
  const slowAfterMs = config.timeoutMs * slowShare;
  return {
    retry: { ...usual.retry, ...config.retry },
    circuit: { ...usual.circuit, slowAfterMs, ...config.circuit },
    bulkhead: { ...usual.bulkhead, ...config.bulkhead },
    hedge: config.hedge ?? usual.hedge,
    coalesce: config.coalesce ?? usual.coalesce,
    eject: { ...usual.eject, ...config.eject },
  };
}

function openIdentity(
  name: string,
  { identity = 'caller' }: UpstreamConfig,
  given: Identities,
): UpstreamIdentity {
  if (identity === 'none') return nobody;
  if (identity === 'caller') return callerIdentity(name, given.caller);
  if (typeof identity === 'object' && !('exchange' in identity)) return new ClientCredentials(name, identity);
  if (given.token === undefined)
    throw new UpstreamSettingError(name, 'identity', 'callers of this gateway have no token');
  if (identity === 'token') return tokenIdentity(given.token);
  return new TokenExchange(name, identity.exchange, given.token);
}
