/**
 * A time limit that is not reached because this process was busy. After a long turn of the event loop timers come
 * before what the sockets received meanwhile; this one lets that be heard first, and may be cleared by it.
 */
export class PatientTimeout {
  private readonly timer: NodeJS.Timeout;
  private immediate: NodeJS.Immediate | undefined;

  constructor(onTime: () => void, ms: number) {
    this.timer = setTimeout(() => (this.immediate = setImmediate(onTime)), ms);
  }

  clear(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
  }
}
