import { z } from 'zod';

/** `https://app.example.com`: scheme, host and port, and nothing behind them. */
export const webOrigin = z
  .url({ protocol: /^https?$/, error: 'expected an origin such as https://app.example.com' })
  .refine((text) => new URL(text).origin === text.replace(/\/$/, ''), 'expected an origin, without a path')
  .transform((text) => new URL(text).origin);
