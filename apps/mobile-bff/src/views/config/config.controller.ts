import { Controller, Get, Inject } from '@nestjs/common';
import { Public } from '@bff/auth';
import { AnyAppVersion, APP_CONFIG, type GatewayConfig, leastVersionAt } from '@bff/gateway';
import { Renders } from '@bff/views';
import { AppConfig, type Versions } from './config.view.js';

@Controller('v1/config')
export class ConfigController {
  constructor(@Inject(APP_CONFIG) private readonly app: GatewayConfig['app']) {}

  @Get()
  @Public()
  @AnyAppVersion()
  @Renders(AppConfig)
  config() {
    return AppConfig.load({
      versions: () => toVersions(this.app.versions),
      features: () => this.app.features,
    });
  }
}

function toVersions(entries: GatewayConfig['app']['versions']): Record<string, Versions> {
  const nowMs = Date.now();
  const told = Object.entries(entries).map(([platform, entry]) => [platform, toTold(entry, nowMs)] as const);
  return Object.fromEntries(told);
}

function toTold(entry: GatewayConfig['app']['versions'][string], nowMs: number): Versions {
  const { latest, blocked, deprecated, store } = entry;
  return {
    minimum: leastVersionAt(entry, nowMs),
    latest,
    ...(blocked.length === 0 ? {} : { blocked }),
    ...(deprecated === undefined ? {} : { deprecatedBelow: deprecated.below }),
    ...(deprecated?.sunset === undefined ? {} : { sunset: new Date(deprecated.sunset).toISOString() }),
    ...(store === undefined ? {} : { storeUrl: store }),
  };
}
