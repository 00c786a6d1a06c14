import { fileURLToPath } from 'node:url';

/** The top folder of the repository these scripts lie in. */
export const root = fileURLToPath(new URL('..', import.meta.url));
