import { join } from 'node:path';
import { findFreePort, Issuer } from '@bff/testing';
import { productionSecrets } from '../identity/credentials.js';
import { type RunningProcess, startProcess } from '../processes/start-process.js';
import { startUpstream, type Upstream } from '../upstream/start-upstream.js';
import type {
  ClosedRun,
  OpenRun,
  StormCaller,
  Stream,
  StormResult,
  StormTarget,
} from './driver/storm-load.js';

/** So many that none of them calls twice at one time, however long an answer takes. */
const callerCount = 8_000;

export interface Gateway extends AsyncDisposable {
  readonly process: RunningProcess;
  readonly port: number;
  readonly managementPort: number;
}

interface GatewayOptions {
  readonly environment?: Readonly<Record<string, string>>;
}

/** What storms need: the services, an issuer of tokens, callers, who makes the load, and gateways to stand in it. */
export class StormArena implements AsyncDisposable {
  private constructor(
    readonly upstream: Upstream,
    private readonly issuer: Issuer,
    private readonly driver: RunningProcess,
    private readonly callers: readonly StormCaller[],
    private readonly folder: string,
    private readonly opened: AsyncDisposableStack,
  ) {}

  /** `folder` takes what the processes write. */
  static async open(folder: string): Promise<StormArena> {
    await using opened = new AsyncDisposableStack();
    const upstream = opened.use(await startUpstream('fast', folder));
    const issuer = opened.use(await Issuer.start());
    const log = join(folder, 'storm-driver.log');
    const file = 'storms/driver/storm-driver.js';
    const driver = opened.use(await startProcess({ name: 'the driver', file, log }));
    const callers = await mintCallers(issuer);
    return new StormArena(upstream, issuer, driver, callers, folder, opened.move());
  }

  /** The web-bff contender with the benchmark's probe in it; its access log is a file. */
  async startGateway({ environment }: GatewayOptions = {}): Promise<Gateway> {
    const port = await findFreePort();
    const managementPort = await findFreePort();
    const gateway = await startProcess({
      name: 'web-bff',
      file: 'contenders/web-bff/main.js',
      preload: 'processes/probe.js',
      environment: {
        PORT: String(port),
        MANAGEMENT_PORT: String(managementPort),
        ...productionSecrets,
        OIDC_ISSUER: this.issuer.url,
        JWT_AUDIENCE: this.issuer.audience,
        ...this.upstream.environment,
        ...environment,
      },
      log: join(this.folder, 'web-bff.log'),
    });
    return {
      process: gateway,
      port,
      managementPort,
      [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
    };
  }

  /** Good answers a second. */
  closedLoad({ port }: Gateway, load: Omit<ClosedRun, keyof StormTarget>): Promise<number> {
    const run: ClosedRun = { port, callers: this.callers, ...load };
    return this.driver.ask<number>('closed', run);
  }

  /** All streams at once. */
  openLoad({ port }: Gateway, streams: readonly Stream[]): Promise<StormResult> {
    const run: OpenRun = { port, callers: this.callers, streams };
    return this.driver.ask<StormResult>('open', run);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }
}

function mintCallers(issuer: Issuer): Promise<StormCaller[]> {
  const ids = Array.from({ length: callerCount }, (_, index) => String(index + 1));
  return Promise.all(
    ids.map(async (id) => ({ id, token: await issuer.mint({ subject: id, expiresInSeconds: 86_400 }) })),
  );
}
