export { NegotiateGuard } from './negotiate.guard.js';
export { Renders, viewOf } from './renders.decorator.js';
export { Meta, SectionReport } from './section-report.js';
export { optional, required, type Section, supporting } from './section.js';
export {
  defineView,
  isViewAnswer,
  type Loaders,
  type LoaderTools,
  type Sections,
  type View,
  type ViewAnswer,
} from './view.js';
export { type RenderOptions, ViewRenderer } from './view-renderer.js';
