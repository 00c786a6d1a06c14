import { runGateway } from '@bff/gateway';
import { webBff } from './web-bff.js';

await runGateway(webBff, process);
