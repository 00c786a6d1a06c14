import { fuzzGateway } from '../conventions/fuzz-gateway.js';
import { importGateways } from '../world/gateways.js';

describe.each(await importGateways())('$name, called for long as nobody planned,', (definition) => {
  fuzzGateway(definition, { requests: 2_500, withinMs: 300_000 });
});
