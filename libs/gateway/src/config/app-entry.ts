import { z } from 'zod';
import { readAppVersion } from '../app-versions/app-version.js';
import { readVersionRange, VersionRules } from '../app-versions/version-rules.js';
import { deprecationEntry, webLink } from './deprecation-entry.js';

const noVersion = 'expected a version such as 1.4.0, in quotes where it has one dot or none';
const version = z
  .string(noVersion)
  .refine((text) => readAppVersion(text) !== undefined, { error: noVersion, abort: true });

const versionRange = z
  .string('expected a version such as 1.4.0, or the first and the last of them: 1.5.0 - 1.5.3')
  .refine((text) => readVersionRange(text) !== undefined, {
    error: 'expected a version such as 1.4.0, or the first and the last of them: 1.5.0 - 1.5.3',
    abort: true,
  });

const below = version.describe('The oldest version that is not');

/** A rule that shuts out the latest version shuts out everybody, since there is nothing to update to. */
const AppVersions = z
  .strictObject({
    minimum: version.describe('The oldest version that still works: older ones are answered 426'),
    latest: version.describe('The newest version there is'),
    deprecated: deprecationEntry({ below }, 'From when on they are answered 426')
      .optional()
      .describe('Versions on their way out, told so in Deprecation, Sunset and Link'),
    blocked: z
      .array(versionRange)
      .default([])
      .describe('Others that are answered 426: 1.4.0, or the first and the last of them: 1.5.0 - 1.5.3'),
    store: webLink.optional().describe('Where to get a newer one'),
  })
  .superRefine((entry, context) => {
    const latest = readAppVersion(entry.latest) ?? [];
    const add = (key: string, what: string): void =>
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `${what} the latest version, ${entry.latest}`,
      });
    if (new VersionRules({ ...entry, blocked: [], deprecated: undefined }).isBlocked(latest, 0))
      add('minimum', 'would block everybody: it is above');
    if (new VersionRules({ ...entry, minimum: entry.latest }).isBlocked(latest, 0))
      add('blocked', 'would leave nothing to update to: it has');
    if (new VersionRules(entry).isDeprecated(latest))
      add('deprecated', 'would leave nothing to update to: below is above');
  });

const platform = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected the name of a platform such as ios, in small letters');

/** What the app is told about itself, and which of its versions may call. */
export const AppEntry = z
  .strictObject({
    versions: z.record(platform, AppVersions).default({}).describe('Versions of the app by platform'),
    features: z.record(z.string(), z.boolean()).default({}).describe('Feature flags'),
  })
  .prefault({})
  .describe('What the app is told about itself, and which of its versions are served');
