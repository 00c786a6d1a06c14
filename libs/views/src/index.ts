export { countQuery } from './count-query.js';
export { type Duration, toMs } from './duration.js';
export { listOf } from './list-of.js';
export { type LoadedView, type LoadOptions, loadView } from './load-view.js';
export { NegotiateGuard } from './negotiate.guard.js';
export { type SchemaNode, toSchemaNode } from './rendering/schema-node.js';
export { fromXml } from './rendering/xml-form.js';
export { formFor, mediaTypes } from './rendering/media-types.js';
export { hasFailedLate, type ProgressRecord } from './rendering/progressive.js';
export { type RenderOptions, ViewRenderer } from './rendering/view-renderer.js';
export { describeOverBudget, type OverBudget, ViewStats } from './rendering/view-stats.js';
export { Renders, viewOf } from './renders.decorator.js';
export { optional, required, type Section, type SectionFacts, supporting } from './section.js';
export { Meta, SectionReport } from './section-report.js';
export type { SectionResult } from './section-run.js';
export {
  defineView,
  type Loaders,
  type LoaderTools,
  type Policy,
  renderedSections,
  type Sections,
  type View,
  type ViewAnswer,
  ViewLoad,
  type ViewOptions,
} from './view.js';
export { hasAlready } from './rendering/entity-tag.js';
