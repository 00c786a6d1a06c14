import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrokerProcess } from './broker-process.js';
import { pathOfProgram } from './installed-program.js';

/** A load balancer that this test alone uses; disposed of, nothing of it is left. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
}

/** Answered by itself. */
const ownHealth = '/balancer-health';

/**
 * HAProxy, in turn to each of these ports of this machine: one that is down is left out as soon as it is seen to be, and
 * what it has not begun to answer goes to another one, if it may be sent twice.
 */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const path = pathOfProgram('haproxy');
  if (path === undefined) throw new Error('haproxy is not installed');
  return await BrokerProcess.start({
    scheme: 'http',
    greeting: { says: `GET ${ownHealth} HTTP/1.0\r\n\r\n`, answer: Buffer.from('HTTP/1.') },
    command: ({ port, folder }) => {
      const file = join(folder, 'haproxy.cfg');
      writeFileSync(file, settings(port, ports));
      return [path, '-db', '-f', file];
    },
  });
}

/** The last line has to end. */
function settings(port: number, ports: readonly number[]): string {
  return `
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  option forwardfor
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response

frontend browsers
  bind 127.0.0.1:${port}
  monitor-uri ${ownHealth}
  default_backend replicas

backend replicas
  balance roundrobin
  http-request disable-l7-retry unless METH_GET
  default-server check inter 200ms fall 1 rise 1
${ports.map((at, index) => `  server replica-${index + 1} 127.0.0.1:${at}`).join('\n')}
`;
}
