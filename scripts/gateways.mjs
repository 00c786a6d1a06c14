import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The gateways, in the order of their ports: the apps that have a `gateway.yaml`. Their ports are read from the source
 * of their definition, `src/<name>.ts`: nothing may be built yet where this is asked.
 */
export function readGateways(root) {
  return readdirSync(join(root, 'apps'))
    .filter((name) => existsSync(join(root, 'apps', name, 'gateway.yaml')))
    .map((name) => {
      const definition = readFileSync(join(root, 'apps', name, 'src', `${name}.ts`), 'utf8');
      const port = (key) => readPort(definition, key, name);
      return { name, port: port('port'), managementPort: port('managementPort') };
    })
    .sort((a, b) => a.port - b.port);
}

function readPort(definition, key, name) {
  const [, number] = new RegExp(`^ {2}${key}: ([\\d_]+),$`, 'm').exec(definition) ?? [];
  if (!number) throw new Error(`apps/${name}/src/${name}.ts: expected a line like "  ${key}: 3000,".`);
  return Number(number.replaceAll('_', ''));
}
