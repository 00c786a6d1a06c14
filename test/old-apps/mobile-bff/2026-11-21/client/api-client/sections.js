/** True where no section is missing, stale or a stand-in. */
export function isWhole({ _meta }) {
  return _meta?.complete ?? true;
}
/** What became of a section. */
export function statusOf(view, section) {
  const status = view._meta?.sections[section]?.status;
  return status ?? (section in view ? 'ok' : 'skipped');
}
