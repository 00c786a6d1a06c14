import { defineView, required } from '@bff/views';
import { z } from 'zod';

const Versions = z.object({
  minimum: z.string().describe('The oldest version that is served.'),
  latest: z.string(),
  blocked: z
    .array(z.string())
    .optional()
    .describe('Others that are not served: 1.4.0, or the first and the last of them: 1.5.0 - 1.5.3.'),
  deprecatedBelow: z.string().optional().describe('The oldest version that is not on its way out.'),
  sunset: z.iso.datetime().optional().describe('From when on those are not served.'),
  storeUrl: z.url().optional().describe('Where to get a newer one.'),
});
export type Versions = z.output<typeof Versions>;

/** What the app is told before anybody signs in. */
export const AppConfig = defineView(
  'AppConfig',
  {
    versions: required(
      z.record(z.string(), Versions).meta({ examples: [{ ios: { minimum: '1.0.0', latest: '1.0.0' } }] }),
    ),
    features: required(z.record(z.string(), z.boolean()).meta({ examples: [{ offlineOrders: false }] })),
  },
  { maxBytes: 1_000, maxUpstreamCalls: 0 },
);
