import { fileURLToPath } from 'node:url';
import { inCi } from './scripts/jest-ci.mjs';

/**
 * One configuration for every package: `npm test` and `turbo run test` run it once a package (--rootDir),
 * `npx jest` at the top runs all of them. Needs NODE_OPTIONS=--experimental-vm-modules: NestJS 12 is ESM only.
 */
export default {
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '/.turbo/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@bff/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  /** For libs/testing, which must not read the environment. */
  globals: { bffInCi: inCi },
  setupFiles: [fileURLToPath(new URL('scripts/jest-setup.mjs', import.meta.url))],
  testTimeout: 20_000,
};
