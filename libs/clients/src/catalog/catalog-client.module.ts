import { Module } from '@nestjs/common';
import { GraphqlUpstream, UpstreamsModule } from '@bff/upstream';
import { CatalogClient } from './catalog.client.js';

@Module({
  imports: [UpstreamsModule.forClient('catalog', GraphqlUpstream)],
  providers: [CatalogClient],
  exports: [CatalogClient],
})
export class CatalogClientModule {}
