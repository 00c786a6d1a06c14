import { type Broker, startRedis, until } from '@bff/testing';
import { type Bff, startWebBff } from './bff.js';
import { createKeys } from './announced-service.js';
import { type ConfigFile, rewriteGatewayConfig, wideLimits, writeGatewayConfig } from './gateway-config.js';

export const keys = createKeys();
export const otherKeys = createKeys('p256');
export const routes = [
  { name: 'one', path: '/api/reviews/:sku', methods: ['GET' as const], rewrite: '/reviews/:sku' },
];
export const reviews = {
  keys: [keys.publicJwk],
  prefixes: ['/api/reviews', '/api/shared', '/api/legacy', '/api/dashboard'],
  targets: ['http://127.0.0.1:*'],
  maxLease: '10s',
  maxRoutes: 2,
  maxInstances: 2,
};
export const ratings = {
  ...reviews,
  keys: [otherKeys.publicPem],
  prefixes: ['/api/ratings', '/api/shared'],
};

/** A web-bff, and a Redis on which the services reviews and ratings may announce themselves. */
export class RegistrationWorld implements AsyncDisposable {
  private constructor(
    readonly redis: Broker,
    private readonly file: ConfigFile,
    readonly bff: Bff,
    private readonly opened: AsyncDisposableStack,
  ) {}

  static async start(): Promise<RegistrationWorld> {
    await using opened = new AsyncDisposableStack();
    const redis = opened.use(await startRedis());
    const file = opened.use(writeGatewayConfig('web-bff', settings(redis, { reviews, ratings })));
    const bff = opened.use(await startWebBff({ GATEWAY_CONFIG: file.path }));
    return new RegistrationWorld(redis, file, bff, opened.move());
  }

  /** Another gateway of the same file. */
  startAnother(): Promise<Bff> {
    return startWebBff({ GATEWAY_CONFIG: this.file.path });
  }

  reload(issuers: object): void {
    rewriteGatewayConfig(this.file, 'web-bff', settings(this.redis, issuers));
    this.bff.gateway.reload('test');
  }

  answers(path: string, status: number, bff = this.bff): Promise<true> {
    return until(`${path} answers ${status}`, async () => (await bff.ada.get(path)).status === status);
  }

  hasLeases(count: number): Promise<true> {
    const line = `bff_registration_leases{issuer="reviews"} ${count}`;
    return until(line, async () => (await this.bff.management.get('/metrics')).text.includes(line));
  }

  async refused(reason: string): Promise<number> {
    const { text } = await this.bff.management.get('/metrics');
    const line = new RegExp(`bff_registration_refused_total\\{reason="${reason}"[^}]*\\} (\\d+)`);
    return Number(line.exec(text)?.[1] ?? 0);
  }

  async isRefused(reason: string, before: number): Promise<void> {
    await until(`${reason} is counted once`, async () => (await this.refused(reason)) === before + 1);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }
}

function settings({ url }: Broker, issuers: object): object {
  const match = { path: '/api/legacy/**' };
  const legacy = { name: 'legacy', match, static: { body: 'of the file' }, access: { public: true } };
  return { ...wideLimits, routes: [legacy], registration: { redis: url, issuers } };
}
