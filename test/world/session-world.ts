import { type GatewayDefinition, type RunningGateway, startGateway } from '@bff/gateway';
import { HttpClient, ProviderFake } from '@bff/testing';
import { webBff } from 'web-bff';
import { wideLimits, writeGatewayConfig } from './gateway-config.js';
import { type Services, startServices } from './services.js';
import { Visitor } from './visitor.js';

/** A web-bff that browsers sign in to, with real services and a provider that can lie around it. */
export interface SessionWorld extends Services, AsyncDisposable {
  readonly gateway: RunningGateway;
  readonly provider: ProviderFake;
  /** A browser that has never been here. */
  visitor(): Visitor;
  /** One that has just signed in. */
  signedIn(query?: string): Promise<Visitor>;
}

interface WorldOptions {
  readonly definition?: GatewayDefinition;
  /** `auth.session` of gateway.yaml. */
  readonly session?: object;
  /** Other top-level keys of gateway.yaml. */
  readonly config?: object;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startSessionWorld(options: WorldOptions = {}): Promise<SessionWorld> {
  await using opened = new AsyncDisposableStack();
  const services = await startServices();
  for (const service of Object.values(services) as AsyncDisposable[]) opened.use(service);
  const provider = opened.use(await ProviderFake.start());
  const gateway = opened.use(await openGateway(services, provider, options));
  const client = opened.use(new HttpClient(gateway.url));
  const all = opened.move();
  const visitor = () => new Visitor(client);
  return {
    ...services,
    gateway,
    provider,
    visitor,
    signedIn: async (query) => {
      const one = visitor();
      const { status, text } = await one.signIn(query);
      if (status !== 303 || one.session === undefined) throw new Error(`not signed in: ${status} ${text}`);
      return one;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** What points a web-bff at these services and this provider, on free ports. */
export function environmentOf(
  { users, orders, catalog }: Services,
  { url, client }: ProviderFake,
): Record<string, string> {
  return {
    PORT: '0',
    MANAGEMENT_PORT: '0',
    LOG_LEVEL: 'silent',
    OIDC_ISSUER: url,
    OIDC_CLIENT_ID: client.id,
    OIDC_CLIENT_SECRET: client.secret,
    SESSION_SECRET: 'a session secret of the tests 0123456789',
    JWT_AUDIENCE: 'urn:bff:test',
    USERS_URL: users.url,
    ORDERS_URL: orders.url,
    CATALOG_URL: catalog.url,
  };
}

async function openGateway(
  services: Services,
  provider: ProviderFake,
  { definition = webBff, session = {}, config = {}, environment = {} }: WorldOptions,
): Promise<RunningGateway> {
  const auth = { methods: ['session'], session };
  using file = writeGatewayConfig(definition.name, { ...wideLimits, auth, ...config });
  const settings = { ...environmentOf(services, provider), GATEWAY_CONFIG: file.path, ...environment };
  return await startGateway(definition, settings);
}
