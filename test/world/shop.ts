import { Controller, Get, Header, Module, Res } from '@nestjs/common';
import { Public, StepUp } from '@bff/auth';
import type { GatewayDefinition } from '@bff/gateway';
import { defineView, Renders, required } from '@bff/views';
import { secondFactorAcr } from 'sample-backend';
import { webBff } from 'web-bff';
import { z } from 'zod';

const Payout = defineView('Payout', { payout: required(z.object({ amount: z.string() })) });

/** What an app in the browser has at the gateway's own origin: its page, and a screen that a password does not open. */
@Controller()
class ShopController {
  @Get(['/', 'shop'])
  @Public()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', "default-src 'self'")
  page(@Res() response: { end(text: string): void }): void {
    response.end('<!doctype html><title>Shop</title><h1>Shop</h1>');
  }

  @Get('shop/payout')
  @StepUp({ acrValues: [secondFactorAcr] })
  @Renders(Payout)
  payout() {
    return Payout.load({ payout: () => ({ amount: '12.00' }) });
  }
}

@Module({ imports: [webBff.module], controllers: [ShopController] })
class ShopModule {}

/** web-bff with the page of an app. */
export const shop: GatewayDefinition = { ...webBff, module: ShopModule };
