import {
  brokerTestTimeoutMs,
  describeWithBroker,
  HttpClient,
  ProviderFake,
  startRedis,
  until,
} from '@bff/testing';
import { writeGatewayConfig } from '../world/gateway-config.js';
import { startGatewayProcess } from '../world/gateway-process.js';
import { type Services, startServices } from '../world/services.js';
import { environmentOf } from '../world/session-world.js';
import { cookieNames } from '../world/visitor.js';

interface Line {
  readonly msg: string;
  readonly level: number;
  readonly requestId?: string;
}

describeWithBroker('redis', () => {
  test(
    'an outage of the store is told once, as nobody’s request; a call that is refused for it, in one short line beside its own',
    async () => {
      await using stack = new AsyncDisposableStack();
      const redis = stack.use(await startRedis());
      const services: Services = await startServices();
      for (const service of Object.values(services) as AsyncDisposable[]) stack.use(service);
      const provider = stack.use(await ProviderFake.start());
      const file = stack.use(writeGatewayConfig('web-bff', { auth: { methods: ['session'] } }));
      const environment = {
        ...environmentOf(services, provider),
        LOG_LEVEL: 'info',
        GATEWAY_CONFIG: file.path,
        REDIS_URL: redis.url,
      };
      const gateway = stack.use(await startGatewayProcess({ app: 'web-bff', environment }));
      const client = stack.use(new HttpClient(gateway.url));
      const call = (id: string) =>
        client.get('/bff/user', {
          headers: { cookie: `${cookieNames.session}=${'a'.repeat(43)}`, 'x-csrf': '1', 'x-request-id': id },
        });
      const texts = (): string[] => gateway.output.stdout.trim().split('\n');
      const lines = (): Line[] => texts().map((text) => JSON.parse(text) as Line);
      const told = (words: string) => lines().filter(({ msg }) => msg.startsWith(words));

      await until('the store answers', async () => (await call('before')).status === 401);
      redis.freeze();
      const ids = Array.from({ length: 20 }, (_, index) => `refused-${index}`);
      for (const id of ids) expect((await call(id)).status).toBe(503);
      redis.thaw();
      await until('the store is back', () => told('the store answers again').length > 0, 10_000);

      const changes = lines().filter(({ msg }) => msg.startsWith('the store'));
      expect(changes.map(({ msg }) => msg.split(':')[0])).toEqual([
        'the store is away',
        'the store answers again',
      ]);
      for (const change of changes) expect(change).not.toHaveProperty('requestId');
      for (const id of ids) {
        const own = texts().filter((text) => text.includes(`"requestId":"${id}"`));
        expect(own.map((text) => (JSON.parse(text) as Line).msg.split(':')[0])).toEqual([
          'sessions_unavailable',
          'request',
        ]);
        for (const text of own) {
          expect(text.length).toBeLessThan(600);
          expect(text).not.toContain('    at ');
        }
      }
    },
    brokerTestTimeoutMs,
  );
});
