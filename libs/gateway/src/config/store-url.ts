import { readStoreUrl, StoreUrlError } from '@bff/store';
import { z } from 'zod';

/** Of a Redis, as the store reads it. */
export const storeUrl = z.string().superRefine((text, context) => {
  try {
    readStoreUrl(text);
  } catch (error) {
    if (!(error instanceof StoreUrlError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});
