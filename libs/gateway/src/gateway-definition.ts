import type { Type } from '@nestjs/common';
import type { RenderOptions } from '@bff/views';

/** What makes one gateway different from the others. */
export interface GatewayDefinition {
  readonly name: string;
  /** Its controllers and the clients they use. */
  readonly module: Type;
  readonly port: number;
  readonly managementPort: number;
  /** The path of its `gateway.yaml`. */
  readonly file: string;
  readonly meta: RenderOptions['meta'];
}
