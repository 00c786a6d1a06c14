export { readConfig, type GatewayConfig } from './config/config.js';
export { ConfigurationError } from './config/configuration.error.js';
export { GatewayFile, toGatewayFileSchema } from './config/gateway-file.js';
export type { GatewayDefinition } from './gateway-definition.js';
export { APP_CONFIG } from './gateway.module.js';
export { InnerCalls, type InnerAnswer, type InnerCall } from './inner-calls/inner-calls.js';
export type { RouteEntry } from './management/route-table.js';
export { runGateway } from './run-gateway.js';
export { type RunningGateway, startGateway } from './start-gateway.js';
