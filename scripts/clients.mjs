// `npm run clients`: writes the typed client of each gateway from its committed `openapi.json`; `-- --check` writes
// nothing and fails where one is out of date. `-- --native [--out <folder>]` writes models in Kotlin and Swift, and the
// document in OpenAPI 3.0, into the `dist/native` of the clients that have them. Needs nothing built.
import { ensurePrepared } from './prepared.mjs';

ensurePrepared();
const { parseArgs } = await import('node:util');
const { checkClients, writeClients, writeNative } = await import('./clients/write-clients.mjs');

const { values } = parseArgs({
  options: { check: { type: 'boolean' }, native: { type: 'boolean' }, out: { type: 'string' } },
});
if (values.check) await checkClients();
else if (values.native) await writeNative(values.out);
else await writeClients();
