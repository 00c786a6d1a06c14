import { defineView, required } from '@bff/views';
import { z } from 'zod';

/** What the app is told before anybody signs in. */
export const AppConfig = defineView(
  'AppConfig',
  {
    versions: required(
      z
        .record(z.string(), z.object({ minimum: z.string(), latest: z.string() }))
        .meta({ examples: [{ ios: { minimum: '1.0.0', latest: '1.0.0' } }] }),
    ),
    features: required(z.record(z.string(), z.boolean()).meta({ examples: [{ offlineOrders: false }] })),
  },
  { maxBytes: 1_000, maxUpstreamCalls: 0 },
);
