import type { ChangeKind } from './change.js';
import type { Direction } from './severity.js';

/** What a message is about. */
export interface Told {
  /** As it begins a sentence: "`orders[].total`", "The answer". */
  readonly subject: string;
  readonly direction: Direction;
  readonly detail: string;
  readonly before: string;
  readonly after: string;
}

type Sentence = (told: Told) => string;

/** One sentence for requests, one for responses. */
const either =
  (request: Sentence, response: Sentence): Sentence =>
  (told) =>
    (told.direction === 'request' ? request : response)(told);

const typeChanged: Sentence = ({ subject, before, after }) => `${subject} was ${before} and is now ${after}.`;

/** The sentence of each kind of change. */
export const messages: Readonly<Record<ChangeKind, Sentence>> = {
  'operation-removed': () => 'This call is gone.',
  'operation-added': () => 'This call is new.',
  'status-removed': ({ detail }) => `Status ${detail} is no longer answered.`,
  'status-added': ({ detail }) => `Status ${detail} may now be answered.`,
  'media-type-removed': either(
    ({ detail }) => `The body is no longer taken as ${detail}.`,
    ({ detail }) => `The answer is no longer there as ${detail}.`,
  ),
  'media-type-added': either(
    ({ detail }) => `The body is now taken as ${detail} too.`,
    ({ detail }) => `The answer is now there as ${detail} too.`,
  ),
  'body-removed': () => 'A body is no longer taken.',
  'body-added': ({ after }) => (after ? 'A body must now be sent.' : 'A body may now be sent.'),
  'parameter-removed': ({ subject }) => `${subject} is no longer taken.`,
  'parameter-added': ({ subject, after }) => `${subject} is new and ${after ? 'must' : 'may'} be sent.`,
  'parameter-style-changed': ({ subject, before, after }) =>
    `${subject} is written in another style: it was ${before} and is now ${after}.`,
  'header-removed': ({ subject }) => `${subject} is no longer sent.`,
  'header-added': ({ subject }) => `${subject} is new.`,
  'security-added': () => 'This call now needs a caller who has signed in.',
  'security-removed': () => 'Anybody may make this call now.',
  'scheme-removed': ({ detail }) => `Signing in by \`${detail}\` is no longer enough.`,
  'scheme-added': ({ detail }) => `Signing in by \`${detail}\` is now enough.`,
  'scheme-changed': ({ detail }) => `Credentials for \`${detail}\` are sent in another way.`,
  'scope-added': ({ detail }) => `The scope \`${detail}\` is now needed.`,
  'scope-removed': ({ detail }) => `The scope \`${detail}\` is no longer needed.`,
  'field-removed': either(
    ({ subject }) => `${subject} is no longer taken.`,
    ({ subject }) => `${subject} is no longer sent.`,
  ),
  'field-added': either(
    ({ subject, after }) => `${subject} is new and ${after ? 'must' : 'may'} be sent.`,
    ({ subject }) => `${subject} is new.`,
  ),
  'other-fields-refused': either(
    ({ subject }) => `${subject} must no longer have fields that the contract does not name.`,
    ({ subject }) => `${subject} no longer has fields that the contract does not name.`,
  ),
  'other-fields-allowed': ({ subject }) => `${subject} may now have fields that the contract does not name.`,
  'became-optional': either(
    ({ subject }) => `${subject} may now be left out.`,
    ({ subject }) => `${subject} may now be missing.`,
  ),
  'became-required': either(
    ({ subject }) => `${subject} must now be sent.`,
    ({ subject }) => `${subject} is now always there.`,
  ),
  'became-nullable': ({ subject }) => `${subject} may now be null.`,
  'no-longer-nullable': either(
    ({ subject }) => `${subject} must no longer be null.`,
    ({ subject }) => `${subject} is never null any more.`,
  ),
  'type-widened': typeChanged,
  'type-narrowed': typeChanged,
  'type-changed': typeChanged,
  'value-added': either(
    ({ subject, detail }) => `${subject} may now be \`${detail}\`.`,
    ({ subject, detail }) => `${subject} may now be \`${detail}\`, which clients do not know yet.`,
  ),
  'value-removed': either(
    ({ subject, detail }) => `${subject} must no longer be \`${detail}\`.`,
    ({ subject, detail }) => `${subject} is never \`${detail}\` any more.`,
  ),
  'values-opened': ({ subject, before }) => `${subject} was one of \`${before}\` and may now be any value.`,
  'values-closed': ({ subject, after }) => `${subject} could be any value and is now one of \`${after}\`.`,
  'variant-added': ({ subject }) => `${subject} is a new form of this value.`,
  'variant-removed': ({ subject }) => `${subject} is no longer a form of this value.`,
  'limit-loosened': ({ subject, detail, before, after }) =>
    after
      ? `${subject} has another ${detail}: it was ${before} and is now ${after}, which lets more through.`
      : `${subject} no longer has the ${detail} \`${before}\`.`,
  'limit-tightened': ({ subject, detail, before, after }) =>
    before
      ? `${subject} has another ${detail}: it was ${before} and is now ${after}, which lets less through.`
      : `${subject} now has the ${detail} \`${after}\`.`,
  'limit-changed': ({ subject, detail, before, after }) =>
    `${subject} has another ${detail}: it was ${before ? `\`${before}\`` : 'none'} and is now \`${after}\`.`,
};
