import type { FailureReason, Meta, SectionOf } from './sections.js';

type Outcome<Data> =
  | { readonly status: 'ok'; readonly data: Data }
  | { readonly status: 'stale'; readonly reason: FailureReason; readonly ageMs: number; readonly data: Data }
  | { readonly status: 'fallback'; readonly reason: FailureReason; readonly data: Data }
  | { readonly status: 'failed'; readonly reason: FailureReason; readonly data?: undefined }
  | { readonly status: 'skipped'; readonly data?: Data };

/** A section of a progressive answer: its name tells what its data are, its status whether there are any. */
export type SectionRecord<View> = {
  [Section in SectionOf<View>]: {
    readonly event: 'section';
    readonly section: Section;
  } & Outcome<Exclude<View[Section], undefined>>;
}[SectionOf<View>];

/** What a progressive answer consists of: one start, the sections as they come, one end. */
export type RecordOf<View> =
  | { readonly event: 'start'; readonly view: string; readonly sections: readonly SectionOf<View>[] }
  | SectionRecord<View>
  | { readonly event: 'complete'; readonly _meta: Meta<SectionOf<View>> };
