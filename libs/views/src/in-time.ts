import { Logger } from '@nestjs/common';

const logger = new Logger('Views');
/** What is kept in a store is a help, and not worth a longer wait. */
const patienceMs = 100;

/** Undefined where it takes longer than it is worth, or fails. Never rejects. */
export async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<undefined>(
    (resolve) => (timer = setTimeout(() => resolve(undefined), patienceMs)),
  );
  try {
    return await Promise.race([work, tooLate]);
  } catch (error) {
    logger.warn(error);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
