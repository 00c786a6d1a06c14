/** The style of the page, byte for byte as its Content-Security-Policy names it. */
export const docsStyle = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1, h2, h3 { line-height: 1.2; margin: 2rem 0 0.5rem; }
nav ul { columns: 2 18rem; list-style: none; padding: 0; }
code, pre { font: 0.875em/1.5 ui-monospace, monospace; }
pre { background: var(--soft); border-radius: 6px; overflow-x: auto; padding: 0.75rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; }
section.operation { border-top: 1px solid var(--line); margin-top: 2rem; }
summary { cursor: pointer; padding: 0.25rem 0; }
.method { font-weight: 700; }
.soft { opacity: 0.7; }
`;
