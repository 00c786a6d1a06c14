import { runGateway } from '@bff/gateway';
import { mobileBff } from './mobile-bff.js';

await runGateway(mobileBff, process);
