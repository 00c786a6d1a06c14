export type FailureReason =
  'timeout' | 'unreachable' | 'overloaded' | 'rejected' | 'bad_response' | 'circuit_open';

/** How a section came about. */
export type SectionStatus = 'ok' | 'stale' | 'fallback' | 'failed' | 'skipped';

export interface SectionReport {
  readonly status: SectionStatus;
  /** Why it is not `ok`. */
  readonly reason?: FailureReason;
  /** How old a `stale` one is. */
  readonly ageMs?: number;
}

/** What of an answer came, and what did not. Sections that are not shown and feed others are named too. */
export interface Meta<Section extends string = string> {
  /** No section is missing, stale or a stand-in. */
  readonly complete: boolean;
  readonly sections: Readonly<Record<Section, SectionReport>> &
    Readonly<Record<string, SectionReport | undefined>>;
}

/** The names of the sections of a view. */
export type SectionOf<View> = Exclude<keyof View & string, '_meta'>;

/** Some gateways send `_meta` only where something is missing. */
interface MaybeReported {
  readonly _meta?: Meta<never>;
}

/** True where no section is missing, stale or a stand-in. */
export function isWhole({ _meta }: MaybeReported): boolean {
  return _meta?.complete ?? true;
}

/** What became of a section. */
export function statusOf<View extends MaybeReported>(view: View, section: SectionOf<View>): SectionStatus {
  const status = view._meta?.sections[section]?.status;
  return status ?? (section in view ? 'ok' : 'skipped');
}
