/** What the environment tells the contenders that are written by hand; web-bff reads its own. */
export const config = {
  port: Number(process.env['PORT']),
  users: String(process.env['USERS_URL']),
  orders: String(process.env['ORDERS_URL']),
  catalog: String(process.env['CATALOG_URL']),
  files: String(process.env['FILES_URL']),
};

/** Tells whoever started this process that it listens. */
export function tellReady(): void {
  process.send?.({ ready: true });
}
