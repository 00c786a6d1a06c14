/** What a device says of itself, as far as it makes sense; what it does not say, or says wrongly, is absent. */
export interface Device {
  /** In small letters: `ios`. */
  readonly platform?: string;
  /** Of the app: `2.3.0`. */
  readonly appVersion?: string;
  /** Of the operating system: `18.1`. */
  readonly osVersion?: string;
  /** BCP 47, in its canonical form: `en-GB`. */
  readonly locale?: string;
  /** IANA: `Europe/London`. */
  readonly timeZone?: string;
  readonly network?: NetworkClass;
}

/** `slow`: a screen should ask for little. Also where the user has said so. */
export type NetworkClass = 'slow' | 'medium' | 'fast';
