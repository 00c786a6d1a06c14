/** A text is no JSON, or more deeply nested than anything that is read. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
}
