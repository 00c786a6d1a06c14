import { Controller, Get, Module } from '@nestjs/common';
import { UsersClient, UsersClientModule } from '@bff/clients';
import { brokerTestTimeoutMs, describeWithBroker, HandlerFake, startRedis, until } from '@bff/testing';
import { defineView, Renders, required } from '@bff/views';
import { decodeJwt } from 'jose';
import { webBff } from 'web-bff';
import { z } from 'zod';
import { startBff } from '../world/bff.js';
import { writeGatewayConfig } from '../world/gateway-config.js';

const Me = defineView('Me', { user: required(z.object({ name: z.string() })) });

@Controller('me')
class MeController {
  constructor(private readonly users: UsersClient) {}

  @Get()
  @Renders(Me)
  me() {
    return Me.load({ user: () => this.users.get('7') });
  }
}

@Module({ imports: [UsersClientModule], controllers: [MeController] })
class MeModule {}

describeWithBroker('redis', () => {
  test(
    'two replicas on one Redis ask a service once, and each caller gets what is their own',
    async () => {
      await using redis = await startRedis();
      await using service = await HandlerFake.start((request, response, call) => {
        const { sub } = decodeJwt(String(request.headers['x-identity-assertion']));
        response.setHeader('cache-control', 'max-age=60').setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ id: '7', name: `for ${sub}, ${call}`, email: 'a@b.c' }));
      });
      const users = { url: service.url, cache: { store: true } };
      using config = writeGatewayConfig('web-bff', { upstreams: { users } });
      const environment = { GATEWAY_CONFIG: config.path, REDIS_URL: redis.url };
      const definition = { ...webBff, module: MeModule };
      await using one = await startBff(definition, environment);
      await using other = await startBff(definition, environment);
      const nameAt = async (bff: typeof one, subject: string): Promise<unknown> => {
        const client = await bff.with({ subject, scope: 'profile:read' });
        return ((await client.get('/me')).body as { user: { name: string } }).user.name;
      };
      await until('the store is there for both', async () => {
        const subject = `first-${service.seen.length}`;
        return (await nameAt(one, subject)) === (await nameAt(other, subject));
      });
      const before = service.seen.length;
      const names = [await nameAt(one, '7'), await nameAt(one, '8')];
      expect([await nameAt(other, '7'), await nameAt(other, '8')]).toEqual(names);
      expect(names).toEqual([`for 7, ${before + 1}`, `for 8, ${before + 2}`]);
      const { body } = await other.management.get('/upstreams');
      const [{ cache }] = body as [{ cache: { store: { found: number; late: number } } }];
      expect(cache.store.found).toBeGreaterThanOrEqual(2);
      const { text } = await other.management.get('/metrics');
      for (const [result, count] of Object.entries(cache.store))
        expect(text).toContain(
          `bff_upstream_cache_store_total{upstream="users",result="${result}"} ${count}\n`,
        );
    },
    brokerTestTimeoutMs,
  );
});
