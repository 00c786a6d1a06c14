import { type LiveSession, type SessionEnds, type Sessions, sessionOf } from '@bff/auth';
import type { Caller } from '@bff/context';
import { comeAgainMs } from '../../server/come-again.js';
import { Tunnel, type TunnelEnd } from './tunnel.js';

/** Of the range that applications use among themselves (RFC 6455, section 7.4.2): 401. */
const sessionOver = 4401;
/** The registry of RFC 6455, section 11.7: come again, there is another one. */
const serviceRestart = 1012;
/** How often it is looked whether a session is still there: who tells of its end may not be heard. */
const lookEveryMs = 30_000;

/** All WebSockets that are open. Each lives as long as the session that it was opened with, and keeps none alive. */
export class Tunnels {
  private readonly open = new Set<Tunnel>();
  private isClosing = false;

  constructor(
    private readonly ends: SessionEnds,
    private readonly sessions: Sessions,
  ) {}

  /** Joins two connections for a caller; undefined: nobody knows who it is. Resolves when both are closed. */
  async join(client: TunnelEnd, service: TunnelEnd, caller: Caller | undefined): Promise<void> {
    const live = caller && sessionOf(caller);
    const tunnel = new Tunnel(client, service);
    this.open.add(tunnel);
    const stop = live === undefined ? undefined : this.watch(live, tunnel);
    if (this.isClosing) tellRestart(tunnel);
    await tunnel.isOver;
    stop?.();
    this.open.delete(tunnel);
  }

  /** From now on none stays. Within a second all of them are gone. */
  closeAll(): void {
    this.isClosing = true;
    for (const tunnel of this.open) tellRestart(tunnel);
  }

  private watch(live: LiveSession, tunnel: Tunnel): () => void {
    const stop = this.ends.listen(live.record.key, () => tunnel.close(sessionOver));
    const timer = setInterval(() => void this.look(live, tunnel), lookEveryMs);
    // It may have ended between the look-up of the caller and the listening.
    void this.look(live, tunnel);
    return () => {
      stop();
      clearInterval(timer);
    };
  }

  private async look(live: LiveSession, tunnel: Tunnel): Promise<void> {
    const isAlive = await this.sessions.reread(live).then(
      (found) => found !== undefined,
      // The store cannot be asked: nobody knows.
      () => true,
    );
    if (!isAlive) tunnel.close(sessionOver);
  }
}

/** With the seconds after which this client should come again; each is told others. */
function tellRestart(tunnel: Tunnel): void {
  tunnel.close(serviceRestart, `retry-after=${Math.ceil(comeAgainMs() / 1_000)}`);
}
