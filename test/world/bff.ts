import type { TransportOptions } from '@bff/api-client';
import { type GatewayDefinition, type RunningGateway, startGateway } from '@bff/gateway';
import { createMobileClient, type MobileClient } from '@bff/mobile-client';
import { HttpClient, Issuer, type MintOptions } from '@bff/testing';
import { createWebClient, type WebClient } from '@bff/web-client';
import { mobileBff } from 'mobile-bff';
import { webBff } from 'web-bff';
import { writeGatewayConfig } from './gateway-config.js';
import { type Services, startServices } from './services.js';

/** A whole gateway in this process, with real services and a real issuer around it. */
export interface Bff extends Services, AsyncDisposable {
  readonly gateway: RunningGateway;
  readonly issuer: Issuer;
  /** Calls as user 7 with every scope. */
  readonly ada: HttpClient;
  readonly anonymous: HttpClient;
  readonly management: HttpClient;
  /** Calls with a token of that shape. */
  with(token: MintOptions): Promise<HttpClient>;
}

/** With the client that its frontend has. */
interface WithClient<Client> extends Bff {
  /** Calls as user 7 with every scope. */
  readonly client: Client;
}
export type WebBff = WithClient<WebClient>;
export type MobileBff = WithClient<MobileClient>;

export const startWebBff = async (environment?: Record<string, string>): Promise<WebBff> =>
  withClient(await startApp(webBff, environment), createWebClient);
export const startMobileBff = async (environment?: Record<string, string>): Promise<MobileBff> =>
  withClient(await startApp(mobileBff, environment), createMobileClient);

async function withClient<Client>(
  bff: Bff,
  create: (options: TransportOptions) => Client,
): Promise<WithClient<Client>> {
  const authorization = `Bearer ${await bff.issuer.mint({})}`;
  return { ...bff, client: create({ baseUrl: bff.gateway.url, headers: () => ({ authorization }) }) };
}

/** Starts a gateway as it is set by its own `gateway.yaml`. */
export async function startApp(
  definition: GatewayDefinition,
  environment: Record<string, string> = {},
): Promise<Bff> {
  using config = writeGatewayConfig(definition.name, {});
  return await startBff(definition, { GATEWAY_CONFIG: config.path, ...environment });
}

export async function startBff(
  definition: GatewayDefinition,
  environment: Record<string, string> = {},
): Promise<Bff> {
  await using opened = new AsyncDisposableStack();
  const services = await startServices();
  const { users, orders, catalog } = services;
  for (const service of [users, orders, catalog]) opened.use(service);
  const issuer = opened.use(await Issuer.start());
  const gateway = opened.use(
    await startGateway(definition, { ...environmentOf(services, issuer), ...environment }),
  );
  const client = (url: string, headers?: Record<string, string>): HttpClient =>
    all.use(new HttpClient(url, headers));
  const all = opened.move();
  const withToken = async (token: MintOptions): Promise<HttpClient> =>
    client(gateway.url, { authorization: `Bearer ${await issuer.mint(token)}` });
  return {
    ...services,
    gateway,
    issuer,
    ada: await withToken({}),
    anonymous: client(gateway.url),
    management: client(gateway.managementUrl),
    with: withToken,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** What points a gateway at these services and this issuer, on free ports, without a word on standard output. */
export function environmentOf({ users, orders, catalog }: Services, issuer: Issuer): Record<string, string> {
  return {
    PORT: '0',
    MANAGEMENT_PORT: '0',
    LOG_LEVEL: 'silent',
    OIDC_ISSUER: issuer.url,
    JWT_AUDIENCE: issuer.audience,
    USERS_URL: users.url,
    ORDERS_URL: orders.url,
    CATALOG_URL: catalog.url,
  };
}
