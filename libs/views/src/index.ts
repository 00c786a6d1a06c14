export { RenderInterceptor } from './render.interceptor.js';
export { Renders, viewOf } from './renders.decorator.js';
export { Meta, SectionReport } from './section-report.js';
export { optional, required, type Section, supporting } from './section.js';
export {
  defineView,
  type Loaders,
  type LoaderTools,
  type Sections,
  type View,
  type ViewAnswer,
} from './view.js';
export { ViewsModule } from './views.module.js';
export type { ViewsOptions } from './views.options.js';
