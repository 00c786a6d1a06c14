import type { Fault } from './faults/fault-board.js';
import { developmentTrust } from './gateway-only/gateway-trust.js';
import { defaultWebBffOrigins, developmentClientSecret } from './identity/clients.js';
import type { AnnouncementSettings } from './opinions/announce-opinions.js';
import { lastingServices, serviceNames, type ListenerName, type ServiceName } from './service.js';
import { startServices, type RunningServices } from './start-services.js';
import { toReachable } from './to-reachable.js';

export interface SampleBackendOptions {
  /** 127.0.0.1 when not given. */
  host?: string | undefined;
  /** A free one for each that is not given. */
  ports?: Partial<Record<ListenerName, number>> | undefined;
  /** `http://localhost:<port of identity>` when not given. */
  issuer?: string | undefined;
  /** `urn:bff:api` when not given. */
  audience?: string | undefined;
  /** Of the client `web-bff`; `developmentClientSecret` when not given. */
  clientSecret?: string | undefined;
  /** Where the client `web-bff` may be called back: `<origin>/bff/callback`. */
  webBffOrigins?: readonly string[] | undefined;
  /** A day when not given. */
  keyRotationSeconds?: number | undefined;
  /** Ten minutes when not given. */
  accessTokenSeconds?: number | undefined;
  /**
   * Whose calls users, orders and catalog answer: the JWKS of gateways, at `/.well-known/jwks.json` of their management
   * ports. When not given, gateways anywhere that have no SESSION_SECRET of their own, and those at the default ports.
   */
  gatewayJwksUrls?: readonly string[] | undefined;
  /** Starts `opinions` as well, which announces itself there. */
  opinions?: AnnouncementSettings | undefined;
}

/** `opinions` is not always there. */
type OfEach<T> = Record<Exclude<ListenerName, 'opinions'>, T> & Partial<Record<'opinions', T>>;

export interface SampleBackend extends AsyncDisposable {
  ports: OfEach<number>;
  /** `users`, `catalog` (its `/graphql`), `opinions`, `faults`: http; `orders`: `grpc://host:port`; `identity`: the issuer. */
  urls: OfEach<string>;
  faults: {
    /** Adds to the faults of the service; resolves when they are in force. */
    set(service: ServiceName, fault: Fault): Promise<void>;
    /** Of one service or of all; resolves when the service answers again. */
    clear(service?: ServiceName): Promise<void>;
  };
  /** Makes identity sign with a new key; returns its id. */
  rotateKeys(): Promise<string>;
  identity: {
    /** How often each grant type has succeeded so far, such as `refresh_token`; absent when never. */
    readonly grants: Readonly<Record<string, number>>;
    /**
     * Ends all sessions of a user at the provider, as if signed out there in every browser; resolves with their number
     * when the clients have been told over the back channel.
     */
    endSessions(userId: string): Promise<number>;
  };
  close(): Promise<void>;
}

/** Starts all services and fault control, or nothing: rejects with ListenError. Instances share no state. */
export async function startSampleBackend(options: SampleBackendOptions = {}): Promise<SampleBackend> {
  const host = options.host ?? '127.0.0.1';
  const running = await startServices({
    host,
    ports: { users: 0, orders: 0, catalog: 0, identity: 0, opinions: 0, faults: 0, ...options.ports },
    services: options.opinions ? serviceNames : lastingServices,
    faultControl: true,
    identity: {
      issuer: options.issuer,
      audience: options.audience ?? 'urn:bff:api',
      clientSecret: options.clientSecret ?? developmentClientSecret,
      webBffOrigins: options.webBffOrigins ?? defaultWebBffOrigins,
      keyRotationSeconds: options.keyRotationSeconds ?? 86_400,
      accessTokenSeconds: options.accessTokenSeconds ?? 600,
    },
    gateways: options.gatewayJwksUrls ? { jwksUrls: options.gatewayJwksUrls, keys: [] } : developmentTrust,
    announcement: options.opinions,
  });
  return toSampleBackend(running, host);
}

function toSampleBackend({ ports, faults, identity, close }: RunningServices, host: string): SampleBackend {
  if (!identity) throw new Error('identity was not started');
  const portOf = (name: ListenerName): number => ports.get(name) ?? 0;
  const at = (name: ListenerName): string => `${toReachable(host)}:${portOf(name)}`;
  return {
    ports: {
      users: portOf('users'),
      orders: portOf('orders'),
      catalog: portOf('catalog'),
      identity: portOf('identity'),
      faults: portOf('faults'),
      ...(ports.has('opinions') ? { opinions: portOf('opinions') } : {}),
    },
    urls: {
      users: `http://${at('users')}`,
      orders: `grpc://${at('orders')}`,
      catalog: `http://${at('catalog')}/graphql`,
      identity: identity.issuer,
      faults: `http://${at('faults')}`,
      ...(ports.has('opinions') ? { opinions: `http://${at('opinions')}` } : {}),
    },
    faults: {
      set: (service, fault) => faults.set(service, fault),
      clear: (service) => faults.clear(service),
    },
    rotateKeys: identity.rotateKeys,
    identity: {
      get grants() {
        return identity.grants();
      },
      endSessions: identity.endSessions,
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
