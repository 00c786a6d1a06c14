import { defineView, required } from '@bff/views';
import { z } from 'zod';

/** What the app is told before anybody signs in. */
export const AppConfig = defineView('AppConfig', {
  versions: required(z.record(z.string(), z.object({ minimum: z.string(), latest: z.string() }))),
  features: required(z.record(z.string(), z.boolean())),
});
