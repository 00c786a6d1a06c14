import { format, resolveConfig } from 'prettier';

/** A text as it is to stand in the file at `path`. */
export async function formatAs(path, text) {
  return await format(text, { ...(await resolveConfig(path)), filepath: path });
}
