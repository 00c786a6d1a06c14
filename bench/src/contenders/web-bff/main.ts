import { runGateway } from '@bff/gateway';
import { screenOf } from '../screen-of.js';
import { DashboardController } from './dashboard.controller.js';

await runGateway(screenOf(DashboardController), process);
