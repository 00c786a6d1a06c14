import { type Answer, HttpClient, until } from '@bff/testing';
import { Load, type Sample } from './load.js';
import type { Replicas, SignedInUser } from './replicas.js';

/** How Redis goes and comes back. */
export interface OutageKind {
  takeAway(): void | Promise<void>;
  bringBack(): void | Promise<void>;
  /** What the users are answered afterwards: 401 where Redis has forgotten them. */
  readonly afterwards: 200 | 401;
}

interface Cast {
  /** Who call all the time. */
  readonly users: readonly SignedInUser[];
  /** Has signed in, and calls for the first time while Redis is away. */
  readonly unseen: SignedInUser;
}

/** What was seen of one replica from before an outage until after it. */
export interface Outage {
  /** On the clock of `performance.now()`. */
  readonly goneAtMs: number;
  readonly backAtMs: number;
  readonly healedAfterMs: number;
  readonly users: readonly Sample[];
  /** Of who asks for a session that this replica has not seen. */
  readonly unseen: readonly Sample[];
  readonly signIns: readonly Sample[];
  readonly logouts: readonly Sample[];
  readonly readiness: readonly Sample[];
  /** Of calls from one address. */
  readonly limited: readonly Answer[];
}

/** Of one address, in the middle of the outage. */
const limitedCalls = 250;

/** Takes Redis away for `outageMs`, under load, and waits until all is as it was. */
export async function watchOutage(
  world: Replicas,
  { users, unseen }: Cast,
  kind: OutageKind,
  outageMs: number,
): Promise<Outage> {
  const [process] = world.processes;
  await using clients = new AsyncDisposableStack();
  const open = (url: string) => clients.use(new HttpClient(url));
  const [client, management] = [open(process!.url), open(process!.managementUrl)];
  const call = (method: string, path: string, headers: object = {}) =>
    client.call(method, path, { headers: { 'x-forwarded-for': nextAddress(), ...headers } });
  const userCalls = users.map(
    ({ headers }) =>
      () =>
        call('GET', '/bff/user', headers),
  );

  const before = await Promise.all(userCalls.map((one) => one()));
  if (before.some(({ status }) => status !== 200)) throw new Error('not everybody is signed in');
  const userLoad = new Load(userCalls);
  const readiness = new Load([() => management.get('/health/ready')], 20);
  await until('there is load', () => userLoad.samples.length > 100);
  const goneAtMs = performance.now();
  await kind.takeAway();
  const signIns = new Load([() => call('GET', '/bff/login')]);
  const unseenLoad = new Load([() => call('GET', '/bff/user', unseen.headers)]);
  await until('it has lasted half of its time', () => performance.now() > goneAtMs + outageMs / 2, outageMs);
  outages += 1;
  const headers = { 'x-forwarded-for': `10.1.${outages >> 8}.${outages & 255}` };
  const limited = await Promise.all(
    Array.from({ length: limitedCalls }, () => client.get('/bff/signed-in', { headers })),
  );
  const logouts = new Load([() => call('POST', '/bff/logout', unseen.headers)]);
  await until('it has lasted its time', () => performance.now() > goneAtMs + outageMs, outageMs);
  const refused = await Promise.all([unseenLoad, signIns, logouts].map((load) => load.stop()));
  await kind.bringBack();
  const backAtMs = performance.now();
  const isWhole = async (): Promise<boolean> => {
    const answers = await Promise.all([...userCalls.map((one) => one()), call('GET', '/bff/login')]);
    return answers.every(({ status }, index) => status === (index < users.length ? kind.afterwards : 302));
  };
  await until('all is as it was', isWhole, 20_000);
  const healedAfterMs = performance.now() - backAtMs;
  await until('it stays so', () => performance.now() > backAtMs + healedAfterMs + 500);
  return {
    goneAtMs,
    backAtMs,
    healedAfterMs,
    users: await userLoad.stop(),
    readiness: await readiness.stop(),
    unseen: refused[0]!,
    signIns: refused[1]!,
    logouts: refused[2]!,
    limited,
  };
}

let outages = 0;
let addresses = 0;

/** As told by the one proxy that is trusted: what is not about limits comes from many places in turn. */
function nextAddress(): string {
  addresses = (addresses + 1) % 4_096;
  return `10.0.${addresses >> 8}.${addresses & 255}`;
}
