export { type Change, type ChangeKind, changeKinds, type Severity } from './change.js';
export { type ChangeGroup, groupChanges } from './change-group.js';
export { toChangelog } from './changelog.js';
export { compareContracts } from './compare-contracts.js';
export { covers, type DeclaredBreak, readDeclaredBreaks } from './declared-break.js';
export { toDeclarations, toReport } from './report.js';
export { type Review, reviewChanges } from './review.js';
