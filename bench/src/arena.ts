import { join } from 'node:path';
import { findFreePort } from '@bff/testing';
import { callersOf, type DriverCaller, type Load, type LoadResult, type LoadRun } from './driver/load.js';
import { Credentials } from './identity/credentials.js';
import { pathOf } from './driver/asked.js';
import type { Hold } from './driver/idle-connections.js';
import { type RunningProcess, startProcess } from './processes/start-process.js';
import type { Contender, Suite } from './suites.js';
import { startUpstream, type Upstream } from './upstream/start-upstream.js';

/** Everything around the contenders of a suite: the services, who gives callers their credentials, and who makes the load. */
export class Arena implements AsyncDisposable {
  private constructor(
    readonly suite: Suite,
    readonly upstream: Upstream,
    private readonly credentials: Credentials,
    private readonly driver: RunningProcess,
    private readonly folder: string,
    private readonly opened: AsyncDisposableStack,
  ) {}

  /** `folder` takes what the processes write. */
  static async open(suite: Suite, folder: string): Promise<Arena> {
    await using opened = new AsyncDisposableStack();
    const upstream = opened.use(await startUpstream(suite.upstream, folder));
    const credentials = opened.use(await Credentials.open());
    const log = join(folder, 'driver.log');
    const driver = opened.use(await startProcess({ name: 'the driver', file: 'driver/driver.js', log }));
    return new Arena(suite, upstream, credentials, driver, folder, opened.move());
  }

  /**
   * A contender in a process of its own with the probe in it, until the arena is closed. Its standard output, and so its
   * access log, is a file.
   */
  async start(contender: Contender): Promise<RunningContender> {
    const { name, file, credentials, environment, withoutProbe = false } = contender;
    const port = await findFreePort();
    const process = await startProcess({
      name,
      file,
      ...(withoutProbe ? {} : { preload: 'processes/probe.js' }),
      environment: {
        PORT: String(port),
        MANAGEMENT_PORT: '0',
        ...this.credentials.environmentFor(credentials),
        ...this.upstream.environment,
        ...environment,
      },
      log: join(this.folder, `${name}.log`),
    });
    this.opened.use(process);
    const url = `http://127.0.0.1:${port}`;
    const callers = await this.credentials.callers(credentials, url, callersOf(this.suite.load));
    return { contender, process, url, callers };
  }

  /** Makes requests to a contender, and waits for the last answer. */
  load({ contender, url, callers }: RunningContender, { load, seconds }: LoadOptions): Promise<LoadResult> {
    const { saysComplete } = contender;
    const run: LoadRun = { url, asked: this.suite.asked, load, seconds, callers, saysComplete };
    return this.driver.ask<LoadResult>('run', run);
  }

  /** Opens the idle connections of the suite, where it has any. */
  async hold({ url, callers }: RunningContender): Promise<void> {
    const { asked, idleConnections: connections } = this.suite;
    if (connections === undefined) return;
    const order: Hold = { port: Number(new URL(url).port), path: pathOf(asked), callers, connections };
    await this.driver.ask('hold', order);
  }

  /** Resolves with how many of them the contender had closed. */
  release(): Promise<number> {
    return this.driver.ask<number>('release');
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
  readonly callers: readonly DriverCaller[];
}
