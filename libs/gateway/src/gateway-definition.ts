import type { Type } from '@nestjs/common';
import type { MethodName } from '@bff/auth';
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
  /** How its callers show who they are, unless `gateway.yaml` says otherwise. */
  readonly methods: readonly MethodName[];
  readonly meta: RenderOptions['meta'];
}
