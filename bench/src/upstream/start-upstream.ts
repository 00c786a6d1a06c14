import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess } from '../processes/start-process.js';
import type { ServiceName } from './answers.js';
import { findNginx } from './find-nginx.js';

/** What stands behind the contenders. */
export type UpstreamKind =
  /** Answers as fast as can be: nginx, or Node where there is none. */
  | 'fast'
  /** Every 50th call of orders takes a second; Node. */
  | 'slow at times';

/** One for each service, and one for static documents. */
export type UpstreamPorts = Readonly<Record<ServiceName | 'files', number>>;

/** What its process says when it listens. */
export interface UpstreamReady {
  readonly ports: UpstreamPorts;
}

export interface Upstream extends AsyncDisposable {
  /** For readers: which server it is. */
  readonly name: string;
  /** Where a contender is told to find the services. */
  readonly environment: Readonly<Record<string, string>>;
  /** How many calls were answered so far. */
  countCalls(): Promise<number>;
}

const slowEvery = 50;

export async function startUpstream(kind: UpstreamKind, folder: string): Promise<Upstream> {
  const nginx = kind === 'fast' ? findNginx() : undefined;
  const common = { name: 'the upstream', log: join(folder, 'upstream.log') };
  const process = await startProcess(
    nginx === undefined
      ? { ...common, file: 'upstream/node-upstream.js', arguments: [kind === 'fast' ? '0' : `${slowEvery}`] }
      : { ...common, file: 'upstream/nginx-upstream.js', arguments: [nginx.path, nginxFolder(folder)] },
  );
  const { ports } = process.ready as UpstreamReady;
  return {
    name: nginx?.version ?? 'a Node server',
    environment: {
      USERS_URL: `http://127.0.0.1:${ports.users}`,
      ORDERS_URL: `http://127.0.0.1:${ports.orders}`,
      CATALOG_URL: `http://127.0.0.1:${ports.catalog}`,
      FILES_URL: `http://127.0.0.1:${ports.files}`,
    },
    countCalls: () => process.ask<number>('calls'),
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

/** The worker of an nginx that was started by root is another user. One suite uses it after the other. */
function nginxFolder(folder: string): string {
  const path = join(folder, 'nginx');
  mkdirSync(path, { mode: 0o777, recursive: true });
  return path;
}
