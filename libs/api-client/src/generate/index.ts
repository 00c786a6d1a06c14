export type { OpenApiDocument } from './document.js';
export { generateClient, type ClientOptions } from './generate-client.js';
export { generateProblemCodes } from './problem-codes.js';
export { readModels } from './read-models.js';
export { toOpenApi30 } from './to-openapi-30.js';
