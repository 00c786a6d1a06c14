/** A text is no XML document, or has in it what is not taken. The message says what and where. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}
