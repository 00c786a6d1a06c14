import { join } from 'node:path';
import { findFreePort, Issuer } from '@bff/testing';
import { callersOf, type DriverCaller, type Load, type LoadResult, type LoadRun } from './driver/load.js';
import { type RunningProcess, startProcess } from './processes/start-process.js';
import type { Contender, Suite } from './suites.js';
import { startUpstream, type Upstream } from './upstream/start-upstream.js';

/** Everything around the contenders of a suite: the services, an issuer of tokens, callers, and who makes the load. */
export class Arena implements AsyncDisposable {
  private constructor(
    readonly suite: Suite,
    readonly upstream: Upstream,
    private readonly issuer: Issuer,
    private readonly driver: RunningProcess,
    private readonly callers: readonly DriverCaller[],
    private readonly folder: string,
    private readonly opened: AsyncDisposableStack,
  ) {}

  /** `folder` takes what the processes write. */
  static async open(suite: Suite, folder: string): Promise<Arena> {
    await using opened = new AsyncDisposableStack();
    const upstream = opened.use(await startUpstream(suite.upstream, folder));
    const issuer = opened.use(await Issuer.start());
    const log = join(folder, 'driver.log');
    const driver = opened.use(await startProcess({ name: 'the driver', file: 'driver/driver.js', log }));
    const callers = await mintCallers(issuer, callersOf(suite.load));
    return new Arena(suite, upstream, issuer, driver, callers, folder, opened.move());
  }

  /**
   * A contender in a process of its own with the probe in it, until the arena is closed. Its standard output, and so its
   * access log, is a file.
   */
  async start(contender: Contender): Promise<RunningContender> {
    const { name, file, environment } = contender;
    const port = await findFreePort();
    const process = await startProcess({
      name,
      file,
      preload: 'processes/probe.js',
      environment: {
        PORT: String(port),
        MANAGEMENT_PORT: '0',
        OIDC_ISSUER: this.issuer.url,
        JWT_AUDIENCE: this.issuer.audience,
        ...this.upstream.environment,
        ...environment,
      },
      log: join(this.folder, `${name}.log`),
    });
    this.opened.use(process);
    return { contender, process, url: `http://127.0.0.1:${port}` };
  }

  /** Makes requests to a contender, and waits for the last answer. */
  load({ contender, url }: RunningContender, { load, seconds }: LoadOptions): Promise<LoadResult> {
    const { saysComplete } = contender;
    const run: LoadRun = { url, load, seconds, callers: this.callers, saysComplete };
    return this.driver.ask<LoadResult>('run', run);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }
}

interface LoadOptions {
  readonly load: Load;
  readonly seconds: number;
}

export interface RunningContender {
  readonly contender: Contender;
  readonly process: RunningProcess;
  readonly url: string;
}

function mintCallers(issuer: Issuer, count: number): Promise<DriverCaller[]> {
  const ids = Array.from({ length: count }, (_, index) => String(index + 1));
  return Promise.all(
    ids.map(async (id) => ({ id, token: await issuer.mint({ subject: id, expiresInSeconds: 86_400 }) })),
  );
}
