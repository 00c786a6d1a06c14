import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files that are to be created and changed. Nothing is written before all of them are known and formatted. */
export class Draft {
  #contents = new Map();
  #links = new Map();
  #afterwards = [];

  constructor(root) {
    this.root = root;
  }

  has(path) {
    return this.#contents.has(path) || existsSync(join(this.root, path));
  }

  read(path) {
    return this.#contents.get(path) ?? readFileSync(join(this.root, path), 'utf8');
  }

  readJson(path) {
    return JSON.parse(this.read(path));
  }

  /** Throws when there is such a file: what somebody wrote is never written over. */
  create(path, content) {
    if (this.has(path)) throw new Error(`${path} is already there. Nothing was written.`);
    this.#contents.set(path, content);
  }

  /** `change` makes the new text of the old one; it must differ. */
  edit(path, change) {
    const before = this.read(path);
    const after = change(before);
    if (after === before)
      throw new Error(`${path} does not look as expected, and must be changed by hand. Nothing was written.`);
    this.#contents.set(path, after);
  }

  /** `change` gives the new value, or changes the one it gets. */
  editJson(path, change) {
    this.edit(path, (text) => {
      const value = JSON.parse(text);
      return `${JSON.stringify(change(value) ?? value, null, 2)}\n`;
    });
  }

  /** A symbolic link to a folder. */
  link(path, target) {
    this.#links.set(path, target);
  }

  /** To be called once everything is written. */
  afterwards(step) {
    this.#afterwards.push(step);
  }

  /** Formats and writes everything; resolves with a line for each file. */
  async write() {
    const { default: prettier } = await import('prettier');
    const formatted = [];
    for (const [path, content] of this.#contents) {
      const full = join(this.root, path);
      const { inferredParser, ignored } = await prettier.getFileInfo(full, {
        ignorePath: join(this.root, '.prettierignore'),
      });
      const options = { ...(await prettier.resolveConfig(full)), filepath: full };
      const text = inferredParser && !ignored ? await prettier.format(content, options) : content;
      formatted.push({ path, full, text, word: existsSync(full) ? 'changed' : 'created' });
    }
    for (const { full, text } of formatted) {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, text);
    }
    for (const [path, target] of this.#links) symlinkSync(target, join(this.root, path), 'junction');
    for (const step of this.#afterwards) step();
    return formatted.map(({ word, path }) => `${word}  ${path}`);
  }
}
