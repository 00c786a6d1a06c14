import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GatewayDefinition } from '@bff/gateway';

const apps = fileURLToPath(new URL('../../apps', import.meta.url));

/** The names of all gateways: the apps that have a `gateway.yaml`. */
export const gatewayNames: readonly string[] = readdirSync(apps).filter((name) =>
  existsSync(join(apps, name, 'gateway.yaml')),
);

/** What each gateway exports as its definition, in the order of their ports. */
export async function importGateways(): Promise<GatewayDefinition[]> {
  const modules = await Promise.all(gatewayNames.map((name) => import(name) as Promise<object>));
  const definitions = modules.flatMap((exported) => Object.values(exported) as GatewayDefinition[]);
  return definitions.filter(({ name }) => gatewayNames.includes(name)).toSorted((a, b) => a.port - b.port);
}
