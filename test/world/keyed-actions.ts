import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Body, Controller, Injectable, Module, Post } from '@nestjs/common';
import { Caller, Scopes } from '@bff/auth';
import { Idempotent, IdempotencyKey } from '@bff/gateway';
import { HandlerFake } from '@bff/testing';
import { HttpUpstream, path, Upstream, UpstreamsModule } from '@bff/upstream';
import { defineView, Renders, required } from '@bff/views';
import { mobileBff } from 'mobile-bff';
import { z } from 'zod';
import { type Bff, startBff } from './bff.js';
import { wideLimits, writeGatewayConfig } from './gateway-config.js';

const Asked = z.strictObject({ what: z.string() });
type Asked = z.infer<typeof Asked>;
const Deed = z.object({ what: z.string(), by: z.string(), number: z.number() });
const Done = defineView('Done', { done: required(Deed) });

@Injectable()
class DeedsClient {
  constructor(@Upstream('users') private readonly service: HttpUpstream) {}

  do(by: string, { what }: Asked, idempotencyKey?: string) {
    return this.service.post(path`/deeds`, { what, by }, Deed, { idempotencyKey });
  }
}

/** The same action with each choice for times without the store, and without a key. */
@Controller('deeds')
class DeedsController {
  constructor(private readonly deeds: DeedsClient) {}

  @Post('refuse')
  @Scopes('orders:write')
  @Idempotent({ key: 'required', keepFor: '10m', withoutStore: 'refuse' })
  @Renders(Done)
  refuse(@Caller() me: Caller, @Body({ schema: Asked }) asked: Asked, @IdempotencyKey() key: string) {
    return Done.load({ done: () => this.deeds.do(me.id, asked, key) });
  }

  @Post('pass')
  @Scopes('orders:write')
  @Idempotent({ key: 'required', keepFor: '10m', withoutStore: 'pass' })
  @Renders(Done)
  pass(@Caller() me: Caller, @Body({ schema: Asked }) asked: Asked, @IdempotencyKey() key: string) {
    return Done.load({ done: () => this.deeds.do(me.id, asked, key) });
  }

  @Post('plain')
  @Scopes('orders:write')
  @Renders(Done)
  plain(@Caller() me: Caller, @Body({ schema: Asked }) asked: Asked) {
    return Done.load({ done: () => this.deeds.do(me.id, asked) });
  }
}

@Module({
  imports: [UpstreamsModule.forClient('users', HttpUpstream)],
  providers: [DeedsClient],
  controllers: [DeedsController],
})
class DeedsModule {}

/** What arrived at the service. */
export interface SeenDeed {
  readonly what: string;
  readonly by: string;
  readonly key: string | undefined;
}

/** What a service does about a deed that has arrived, `count` of them in all. */
export type DeedFault = 'none' | 'reset' | 'hang' | 'unavailable';

/** A gateway whose actions are deeds of a service that counts them, and recognises no key. */
export interface DeedsWorld extends AsyncDisposable {
  readonly bff: Bff;
  readonly seen: SeenDeed[];
  /** Asked for each deed that arrives, with its number; may be replaced. */
  faultOf: (count: number) => DeedFault;
}

interface Options {
  readonly environment?: Readonly<Record<string, string>>;
  /** Of the upstream in gateway.yaml. */
  readonly upstream?: object;
}

export async function startDeeds({ environment, upstream }: Options = {}): Promise<DeedsWorld> {
  await using stack = new AsyncDisposableStack();
  const seen: SeenDeed[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse, count: number): Promise<void> => {
    const { what, by } = JSON.parse(await text(request)) as { what: string; by: string };
    const key = request.headers['idempotency-key'];
    seen.push({ what, by, key: key === undefined ? undefined : String(key) });
    const answer = (): void => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ what, by, number: seen.length }));
    };
    switch (world.faultOf(count)) {
      case 'none':
        return answer();
      case 'reset':
        return void request.socket.resetAndDestroy();
      case 'hang':
        return;
      case 'unavailable':
        return void response.writeHead(503).end();
    }
  };
  const service = stack.use(
    await HandlerFake.start((request, response, count) => void serve(request, response, count)),
  );
  const users = { url: service.url, timeout: '3s', ...upstream };
  const config = stack.use(
    writeGatewayConfig('mobile-bff', { upstreams: { users }, deadline: '4s', app: undefined, ...wideLimits }),
  );
  const definition = { ...mobileBff, module: DeedsModule };
  const bff = stack.use(await startBff(definition, { GATEWAY_CONFIG: config.path, ...environment }));
  const all = stack.move();
  const world: DeedsWorld = {
    bff,
    seen,
    faultOf: () => 'none',
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
  return world;
}
