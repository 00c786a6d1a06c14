import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GatewayDefinition } from '../gateway-definition.js';

interface AppManifest {
  readonly version: string;
  readonly description: string;
}

/** What the `package.json` beside an app's `gateway.yaml` says about the app; a gateway without one has no version. */
export function readAppManifest({ name, file }: GatewayDefinition): AppManifest {
  const path = join(dirname(file), 'package.json');
  const manifest = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Partial<AppManifest>) : {};
  return { version: manifest.version ?? '0.0.0', description: manifest.description ?? `The gateway ${name}` };
}
