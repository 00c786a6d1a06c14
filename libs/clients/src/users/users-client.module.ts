import { Module } from '@nestjs/common';
import { HttpUpstream, UpstreamsModule } from '@bff/upstream';
import { UsersClient } from './users.client.js';

@Module({
  imports: [UpstreamsModule.forClient('users', HttpUpstream)],
  providers: [UsersClient],
  exports: [UsersClient],
})
export class UsersClientModule {}
