export { NegotiateGuard } from './negotiate.guard.js';
export { Renders, viewOf } from './renders.decorator.js';
export { Meta, SectionReport } from './section-report.js';
export { optional, required, type Section, supporting } from './section.js';
export { defineView, type Loaders, type LoaderTools, type Sections, type View, ViewAnswer } from './view.js';
export { type RenderOptions, ViewRenderer } from './view-renderer.js';
