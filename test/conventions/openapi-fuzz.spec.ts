import { importGateways } from '../world/gateways.js';
import { fuzzGateway } from './fuzz-gateway.js';

// The same requests each time; `npm run soak` makes many others.
describe.each(await importGateways())('$name, called as nobody planned,', (definition) => {
  fuzzGateway(definition, { requests: 150, seed: 1815, withinMs: 120_000 });
});
