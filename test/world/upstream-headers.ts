import type { Services } from './services.js';

/** The headers of every call that the three services got since the world began. */
export function headersAtServices({
  users,
  orders,
  catalog,
}: Services): Readonly<Record<string, string | undefined>>[] {
  return [users, orders, catalog].flatMap(({ calls }) => calls.map(({ headers }) => headers));
}
