import { ConfigurableModuleBuilder } from '@nestjs/common';

export interface ViewsOptions {
  /** When an answer carries `_meta`; one that is not complete always does. */
  readonly meta: 'always' | 'when-incomplete';
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: VIEWS_OPTIONS } =
  new ConfigurableModuleBuilder<ViewsOptions>({ moduleName: 'Views' }).setClassMethodName('forRoot').build();
