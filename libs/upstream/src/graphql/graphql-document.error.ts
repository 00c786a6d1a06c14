/** What is wrong with a document before it is ever sent; the message is for whoever wrote it. */
export class GraphqlDocumentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GraphqlDocumentError';
  }
}
