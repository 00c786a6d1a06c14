import { Module } from '@nestjs/common';
import { RenderInterceptor } from './render.interceptor.js';
import { ConfigurableModuleClass } from './views.options.js';

@Module({ providers: [RenderInterceptor], exports: [RenderInterceptor] })
export class ViewsModule extends ConfigurableModuleClass {}
