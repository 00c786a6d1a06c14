import { runGateway } from '@bff/gateway';
import { screenOf } from '../screen-of.js';
import { HandlerController } from './handler.controller.js';

await runGateway(screenOf(HandlerController), process);
