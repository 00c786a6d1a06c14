import { runGateway } from '@bff/gateway';
import { screenOf } from '../screen-of.js';
import { ViewController } from './view.controller.js';

await runGateway(screenOf(ViewController), process);
