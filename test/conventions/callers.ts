import type { GatewayDefinition, RunningGateway } from '@bff/gateway';
import { type Answer, type CallOptions, HttpClient } from '@bff/testing';
import { startApp } from '../world/bff.js';
import { peek } from '../world/peek.js';
import { type SessionWorld, startSessionWorld } from '../world/session-world.js';
import type { Visitor } from '../world/visitor.js';
import type { CheckedDocument, Endpoint } from './checked-document.js';
import { type RightRequest, toRightRequest } from './right-requests.js';

export interface Caller {
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** GET, as far as the first piece of the answer. */
  peek?(path: string, options?: CallOptions): Promise<Answer>;
}

/** A gateway as its own `gateway.yaml` sets it, and who calls it. */
export interface CalledGateway extends AsyncDisposable {
  readonly gateway: RunningGateway;
  readonly management: HttpClient;
  readonly anonymous: HttpClient;
  /** Calls as user 7 with every scope; one who has signed out signs in again before the next call. */
  readonly ada: Caller;
  /** Others who know how to come in, and may not. */
  readonly others: Readonly<Record<string, Caller>>;
  /** One that succeeds if ada sends it next. */
  rightRequest(checked: CheckedDocument, endpoint: Endpoint): Promise<RightRequest>;
}

/** By the first of the ways in which its callers show who they are. */
export function startCalledGateway(definition: GatewayDefinition): Promise<CalledGateway> {
  return definition.methods.includes('session') ? startForBrowsers(definition) : startForTokens(definition);
}

async function startForTokens(definition: GatewayDefinition): Promise<CalledGateway> {
  const bff = await startApp(definition);
  return {
    ...bff,
    others: {
      forger: await bff.with({ audience: 'urn:somebody:else' }),
      'without scopes': await bff.with({ scope: 'other' }),
    },
    rightRequest: (checked, endpoint) => toRightRequest(checked, endpoint),
  };
}

async function startForBrowsers(definition: GatewayDefinition): Promise<CalledGateway> {
  const world = await startSessionWorld({ definition });
  const { gateway, provider } = world;
  const [management, anonymous] = [new HttpClient(gateway.managementUrl), new HttpClient(gateway.url)];
  const cookie = `__Host-${definition.name}-session=${'x'.repeat(43)}`;
  const forger = new HttpClient(gateway.url, { cookie, 'x-csrf': '1' });
  const ada = new Browser(world, () => world.signedIn());
  const withoutScopes = new Browser(world, async () => {
    provider.lies = { tokens: { scope: 'openid' } };
    return await world.signedIn().finally(() => (provider.lies = {}));
  });
  const anotherSite: Caller = {
    call: async (...request) => (await ada.visitor()).send(...request),
  };
  const others = { forger, 'without scopes': withoutScopes, 'another site': anotherSite };
  return {
    gateway,
    management,
    anonymous,
    ada,
    others,
    rightRequest: async (checked, endpoint) =>
      toRightRequest(checked, endpoint, { world, visitor: await ada.visitor() }),
    [Symbol.asyncDispose]: async () => {
      for (const one of [management, anonymous, forger, world]) await one[Symbol.asyncDispose]();
    },
  };
}

/** Signs in again whenever it is not signed in. */
class Browser implements Caller {
  private current: Visitor | undefined;

  constructor(
    private readonly world: SessionWorld,
    private readonly signIn: () => Promise<Visitor>,
  ) {}

  async visitor(): Promise<Visitor> {
    if (this.current?.session === undefined) this.current = await this.signIn();
    return this.current;
  }

  async call(method: string, path: string, options?: CallOptions): Promise<Answer> {
    const answer = await (await this.visitor()).call(method, path, options);
    if (answer.status === 401) this.current = undefined;
    return answer;
  }

  async peek(path: string, { headers }: CallOptions = {}): Promise<Answer> {
    const { cookies } = await this.visitor();
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    return peek(this.world.gateway.url + path, { cookie, 'x-csrf': '1', ...headers });
  }
}
