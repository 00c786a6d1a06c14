import { runGateway } from '@bff/gateway';
import { screenOf } from '../screen-of.js';
import { AnonymousController } from './dashboard.controller.js';

await runGateway(screenOf(AnonymousController), process);
