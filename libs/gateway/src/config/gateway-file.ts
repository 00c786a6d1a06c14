import { z } from 'zod';
import { AppEntry } from './app-entry.js';
import { AuthEntry } from './auth-entry.js';
import { count } from './count.js';
import { webOrigin } from './web-origin.js';
import { Duration } from './duration.js';
import { checkIssuers, RegistrationEntry } from './registration-entry.js';
import { FallbackEntry, RouteEntry } from './route-entry.js';
import { checkRoutes } from './to-proxy-routes.js';
import { UpstreamEntry } from './upstream-entry.js';

const limitEntry = (requests: number) =>
  z
    .strictObject({
      requests: count.default(requests).describe('How many requests a window lets pass'),
      window: Duration.default(60_000).describe('How long a window is, e.g. 60s'),
    })
    .prefault({});

/** What `gateway.yaml` may say. The JSON Schema for editors is made from this. */
export const GatewayFile = z
  .strictObject({
    upstreams: z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/), UpstreamEntry)
      .describe('The services behind this gateway'),
    routes: z
      .array(RouteEntry)
      .default([])
      .describe('What goes to a service as it is, without a view: read again while the gateway runs'),
    fallback: FallbackEntry.optional(),
    registration: RegistrationEntry,
    deadline: Duration.default(3_000).describe(
      'The most that answering a request may take; X-Timeout-Ms lowers it',
    ),
    auth: AuthEntry.describe('How callers show who they are'),
    cors: z
      .strictObject({
        origins: z
          .array(webOrigin)
          .default([])
          .describe('Of pages elsewhere that may call this gateway, with cookies. Default: none'),
      })
      .prefault({}),
    limits: z
      .strictObject({
        address: limitEntry(60_000).describe('Per network address'),
        caller: limitEntry(12_000).describe('Per signed-in caller'),
      })
      .prefault({}),
    overload: z
      .strictObject({
        lag: Duration.default(2_000).describe('How late the process may run before it refuses requests'),
        heap: z
          .number()
          .gt(0)
          .max(1)
          .default(0.9)
          .describe('The part of the heap above which nothing is taken'),
        inFlight: count.default(2_000).describe('Requests being answered at one time'),
      })
      .prefault({})
      .describe('When this gateway refuses requests with 503'),
    app: AppEntry,
  })
  .superRefine(checkRoutes)
  .superRefine(checkIssuers);
export type GatewayFile = z.output<typeof GatewayFile>;

/** What editors complete and check `gateway.yaml` with. */
export function toGatewayFileSchema(): object {
  return { title: 'gateway.yaml', ...z.toJSONSchema(GatewayFile, { io: 'input' }) };
}
