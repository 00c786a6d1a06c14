// Writes gateway.schema.json from what the code accepts; run by `npm run -w @bff/gateway schema` after a build.
import { writeFileSync } from 'node:fs';
import { toGatewayFileSchema } from './dist/index.js';

writeFileSync(
  new URL('gateway.schema.json', import.meta.url),
  `${JSON.stringify(toGatewayFileSchema(), null, 2)}\n`,
);
