import { ConfigurationError } from './config/configuration.error.js';
import type { GatewayDefinition } from './gateway-definition.js';
import { PortError } from './server/listen.js';
import { type RunningGateway, startGateway } from './start-gateway.js';

/** Between "readiness is red" and "no new connections": time for a balancer to look away. */
const drainMs = 1_000;

/** What a process has to do with, handed in so that only `main.ts` names the real one. */
export type GatewayProcess = Pick<NodeJS.Process, 'env' | 'exit' | 'on' | 'once' | 'send' | 'stderr'>;

/**
 * Runs a gateway as this process: until SIGTERM (drains first), Ctrl-C, the end of the parent that it has an IPC
 * channel to, or a fault of ours. Exit code 0 after a clean stop, 1 otherwise.
 */
export async function runGateway(definition: GatewayDefinition, process: GatewayProcess): Promise<void> {
  const gateway = await start(definition, process);
  if (gateway === undefined) return;
  const stop = createStop(gateway, process);
  process.on('SIGTERM', () => void stop(0, drainMs));
  process.on('SIGINT', () => void stop(0));
  process.once('disconnect', () => void stop(0));
  const onFault = (fault: unknown): void => {
    gateway.logger.fatal(fault);
    void stop(1, drainMs);
  };
  process.on('unhandledRejection', onFault);
  process.on('uncaughtException', onFault);
  gateway.logger.log(`listening at ${gateway.url}, management at ${gateway.managementUrl}`);
  process.send?.({ ready: true });
}

/** A mistake of whoever starts it is a few plain lines; anything else keeps its stack. */
async function start(
  definition: GatewayDefinition,
  process: GatewayProcess,
): Promise<RunningGateway | undefined> {
  try {
    return await startGateway(definition, process.env);
  } catch (error) {
    const isPlain = error instanceof ConfigurationError || error instanceof PortError;
    process.stderr.write(
      `${isPlain ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(1);
  }
}

function createStop(gateway: RunningGateway, process: GatewayProcess) {
  let isStopping = false;
  return async (exitCode: number, waitMs = 0): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    gateway.drain();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    await gateway.close();
    process.exit(exitCode);
  };
}
