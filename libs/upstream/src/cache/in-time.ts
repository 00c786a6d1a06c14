import { PatientTimeout } from '@bff/context';

/** What `work` gives; undefined when it fails or takes longer than `ms`. It goes on all the same. */
export function inTime<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = new PatientTimeout(() => resolve(undefined), ms);
    const settle = (value?: T): void => {
      timer.clear();
      resolve(value);
    };
    work.then(settle, () => settle());
  });
}
