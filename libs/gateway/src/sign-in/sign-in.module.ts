import { Module } from '@nestjs/common';
import { LogoutController } from './logout.controller.js';
import { SessionsController } from './sessions.controller.js';
import { SignInController } from './sign-in.controller.js';
import { UserController } from './user.controller.js';

/** The endpoints of a gateway that browsers sign in to. */
@Module({
  controllers: [SignInController, UserController, LogoutController, SessionsController],
})
export class SignInModule {}
