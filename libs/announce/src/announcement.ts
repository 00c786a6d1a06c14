import { z } from 'zod';

/** Services speak on the first, signed; gateways ask on the second who is there. */
export const announcementsChannel = 'bff-announcements';
export const questionsChannel = 'bff-announcements-wanted';

/** `typ` of the JWS: what is signed for something else with the same key is no announcement (RFC 8725, section 3.11). */
export const announcementType = 'bff-announcement+jwt';
export const announcementAlgorithms = ['EdDSA', 'ES256'] as const;
export const maxAnnouncementBytes = 32_768;

const maxTargets = 16;
const maxRoutes = 1_000;

/** What services, routes and gateways are called. */
const word = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

/** What a service may say about a route; everything else about it is the gateway's. */
export const AnnouncedRoute = z.strictObject({
  /** In logs and metrics, behind that of the service. */
  name: word,
  /** A template as in gateway.yaml: `/reviews/:sku`, `/reviews/**`. */
  path: z.string().min(1).max(512),
  /** Left out: all. */
  methods: z
    .array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']))
    .min(1)
    .max(7)
    .optional(),
  /** The path at the service. Left out: as it came. */
  rewrite: z.string().min(1).max(512).optional(),
  /** A caller needs all of them. */
  scopes: z.array(z.string().min(1).max(128)).max(16).optional(),
  /** By name, such as `web-bff`; the others leave it out. Absent: all of them take it. */
  gateways: z.array(word).min(1).max(16).optional(),
  /** Anybody may call; only where the gateway allows the service that. */
  public: z.literal(true).optional(),
});
export type AnnouncedRoute = z.output<typeof AnnouncedRoute>;

/** Seconds since 1970 (RFC 7519, section 2). */
const instant = z.int().positive();

/** The claims of an announcement. */
export const Announcement = z.strictObject({
  /** The service. */
  iss: word,
  iat: instant,
  /** When the lease ends, unless another announcement of the instance renews it. */
  exp: instant,
  jti: z.string().min(1).max(64),
  /** One process of the service. */
  instance: z.string().min(1).max(64),
  /** Grows with each announcement of the instance. */
  seq: z.int().positive(),
  /** `draining`: gets requests only where no other instance is well; `gone`: ends the lease. */
  health: z.enum(['ok', 'draining', 'gone']),
  /** Origins: `http://10.1.2.3:8080`. */
  targets: z.array(z.string().min(1).max(255)).min(1).max(maxTargets),
  routes: z.array(AnnouncedRoute).min(1).max(maxRoutes),
});
export type Announcement = z.output<typeof Announcement>;
export type Health = Announcement['health'];
