import { Controller, Get, Inject } from '@nestjs/common';
import { Public } from '@bff/auth';
import { APP_CONFIG, type GatewayConfig } from '@bff/gateway';
import { Renders } from '@bff/views';
import { AppConfig } from './config.view.js';

@Controller('v1/config')
export class ConfigController {
  constructor(@Inject(APP_CONFIG) private readonly app: GatewayConfig['app']) {}

  @Get()
  @Public()
  @Renders(AppConfig)
  config() {
    return AppConfig.load({ versions: () => this.app.versions, features: () => this.app.features });
  }
}
