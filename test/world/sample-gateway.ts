import { type GatewayDefinition, type RunningGateway, startGateway } from '@bff/gateway';
import type { SampleBackend } from 'sample-backend';

type Environment = Readonly<Record<string, string>>;

/** What points a gateway at the sample services, and at the provider among them. */
export function sampleEnvironment({ urls }: Pick<SampleBackend, 'urls'>): Record<string, string> {
  const { identity, users, orders, catalog } = urls;
  return { OIDC_ISSUER: identity, USERS_URL: users, ORDERS_URL: orders, CATALOG_URL: catalog };
}

/** A gateway in this process before the sample services: on free ports, and without a word, unless told otherwise. */
export function startSampleGateway(
  definition: GatewayDefinition,
  backend: Pick<SampleBackend, 'urls'>,
  environment: Environment = {},
): Promise<RunningGateway> {
  const quiet = { PORT: '0', MANAGEMENT_PORT: '0', LOG_LEVEL: 'silent' };
  return startGateway(definition, { ...quiet, ...sampleEnvironment(backend), ...environment });
}
