/** Whether a `Content-Type` is one of `media`, which is given in lower case, in UTF-8. */
export function isUtf8Media(contentType: string | undefined, media: RegExp): boolean {
  const [mediaType = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith('charset='));
  return media.test(mediaType.trim()) && (charset === undefined || /^charset="?utf-?8"?$/.test(charset));
}

export const jsonMedia = /^application\/([\w.+-]+\+)?json$/;
