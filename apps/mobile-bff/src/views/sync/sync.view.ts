import { Order, OrderChanges } from '@bff/clients';
import { countQuery, defineView, listOf, required, supporting } from '@bff/views';
import { z } from 'zod';

const mostAtOnce = 50;
const tokenExample = 'X3YqVxTLSE-xT3SWc2AE4W9yZGVyczpjaGFuZ2VzOmExOjQ1OjA';

/** `since` is the `next` of before. What is sent empty counts as not sent. */
export const SyncQuery = z.object({
  since: z
    .string()
    .max(500)
    .optional()
    .meta({ examples: [''] }),
  limit: countQuery({ most: mostAtOnce, otherwise: mostAtOnce }),
});
export type SyncQuery = z.infer<typeof SyncQuery>;

const OrderRow = Order.pick({ id: true, number: true, status: true, placedAt: true, total: true });

/** What became of my orders since the last time: those that are new or changed as they are now, and those that are gone. */
export const Sync = defineView(
  'Sync',
  {
    found: supporting(OrderChanges),
    changes: required(listOf('order', OrderRow)),
    deleted: required(listOf('id', z.string().meta({ examples: ['11'] }))),
    next: required(z.string().meta({ examples: [tokenExample] })),
    more: required(z.boolean().meta({ examples: [false] })),
  },
  { maxBytes: 9_000, maxUpstreamCalls: 1 },
);
