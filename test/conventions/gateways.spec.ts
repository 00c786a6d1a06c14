import { join } from 'node:path';
import { importGateways } from '../world/gateways.js';
import { root } from './packages.js';

interface StartedGateway {
  readonly name: string;
  readonly port: number;
  readonly managementPort: number;
}

const definitions = await importGateways();

test('`npm start` finds every gateway where its definition says it is', async () => {
  const { readGateways } = (await import(join(root, 'scripts/gateways.mjs'))) as {
    readGateways(folder: string): StartedGateway[];
  };
  expect(readGateways(root)).toEqual(
    definitions.map(({ name, port, managementPort }) => ({ name, port, managementPort })),
  );
});

test('no two gateways want one port', () => {
  const ports = definitions.flatMap(({ port, managementPort }) => [port, managementPort]);
  expect(new Set(ports).size).toBe(ports.length);
});
