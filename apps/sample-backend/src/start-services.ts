import { startCatalog } from './catalog/catalog-server.js';
import { FaultBoard } from './faults/fault-board.js';
import { startFaultControl } from './faults/fault-control.js';
import type { Address } from './faults/listener-gate.js';
import { GatewayKeys } from './gateway-only/gateway-keys.js';
import type { GatewayTrust } from './gateway-only/gateway-trust.js';
import { startIdentity, type IdentitySettings, type RunningIdentity } from './identity/identity-server.js';
import { startOrders } from './orders/orders-server.js';
import type { AnnouncementSettings } from './opinions/announce-opinions.js';
import { startOpinions } from './opinions/opinions-server.js';
import type { ListenerName, RunningService, ServiceName } from './service.js';
import { startUsers } from './users/users-server.js';

export interface ServicesOptions {
  host: string;
  /** 0 picks a free one. */
  ports: Record<ListenerName, number>;
  services: readonly ServiceName[];
  /** Whether fault control listens as well. */
  faultControl: boolean;
  identity: IdentitySettings;
  /** Whose calls users, orders, catalog and opinions answer. */
  gateways: GatewayTrust;
  /** Of opinions, where that is among the services. */
  announcement?: AnnouncementSettings | undefined;
}

export interface RunningServices {
  /** Of what listens. */
  ports: Map<ListenerName, number>;
  faults: FaultBoard;
  identity?: RunningIdentity;
  close(): Promise<void>;
}

/** Starts the services named, or none of them: rejects with ListenError. Shares nothing with another call. */
export async function startServices(options: ServicesOptions): Promise<RunningServices> {
  const faults = new FaultBoard(options.services);
  const gateways = new GatewayKeys(options.gateways);
  const started: RunningService[] = [];
  const running: RunningServices = {
    ports: new Map(),
    faults,
    close: async () => void (await Promise.all(started.map((service) => service.close()))),
  };
  const keep: Keep = (name, service) => {
    started.push(service);
    running.ports.set(name, service.port);
  };

  try {
    for (const name of options.services) await startOne(name, options, { running, gateways, keep });
    if (options.faultControl) {
      const controlled = { faults, identity: running.identity };
      keep('faults', await startFaultControl(address(options, 'faults'), controlled));
    }
    return running;
  } catch (error) {
    await running.close();
    throw error;
  }
}

type Keep = (name: ListenerName, service: RunningService) => void;

async function startOne(
  name: ServiceName,
  options: ServicesOptions,
  { running, gateways, keep }: { running: RunningServices; gateways: GatewayKeys; keep: Keep },
): Promise<void> {
  const at = address(options, name);
  switch (name) {
    case 'users':
      return keep(name, await startUsers(at, running.faults, gateways));
    case 'orders':
      return keep(name, await startOrders(at, running.faults, gateways));
    case 'catalog':
      return keep(name, await startCatalog(at, running.faults, gateways));
    case 'identity':
      running.identity = await startIdentity(at, running.faults, options.identity);
      return keep(name, running.identity);
    case 'opinions':
      return keep(
        name,
        await startOpinions({
          address: at,
          faults: running.faults,
          gateways,
          announcement: announcementOf(options),
        }),
      );
  }
}

function announcementOf({ announcement }: ServicesOptions): AnnouncementSettings {
  if (announcement === undefined) throw new Error('opinions has nowhere to announce itself');
  return announcement;
}

function address({ host, ports }: ServicesOptions, name: ListenerName): Address {
  return { host, port: ports[name] };
}
