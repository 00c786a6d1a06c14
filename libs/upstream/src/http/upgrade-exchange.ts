import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { type Relayed, RelayExchange, type RelaySink, toPairs } from './relay-exchange.js';

/** Where the answer to a request for another protocol goes: one that declines it is an answer like others. */
export interface UpgradeSink extends RelaySink {
  /**
   * 101: the head as name and value in turns, and from now on the bare connection, which is the sink's to close. Resolves
   * when it is over; rejects with UpstreamError when this is not what was asked for.
   */
  onUpgrade(headers: readonly string[], socket: Duplex): Promise<void>;
}

interface Upgraded extends Relayed {
  readonly onUpgraded: (isOver: Promise<void>) => void;
}

/** A relayed exchange whose service may change to another protocol. */
export class UpgradeExchange extends RelayExchange {
  constructor(
    private readonly upgradeSink: UpgradeSink,
    private readonly upgraded: Upgraded,
  ) {
    super(upgradeSink, upgraded);
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    _status: number,
    _headers: object,
    socket: Duplex,
  ): void {
    this.upgraded.onBegin();
    this.upgraded.onUpgraded(this.upgradeSink.onUpgrade(toPairs(controller.rawHeaders), socket));
  }
}
