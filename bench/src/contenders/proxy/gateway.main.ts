import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { runGateway } from '@bff/gateway';

/** Routes only: what is measured does not come near Nest's router. */
@Module({})
class RoutesModule {}

await runGateway(
  {
    name: 'proxy',
    module: RoutesModule,
    port: 3000,
    managementPort: 3100,
    file: fileURLToPath(new URL('../../../gateway-routes.yaml', import.meta.url)),
    methods: ['bearer'],
    meta: 'always',
  },
  process,
);
