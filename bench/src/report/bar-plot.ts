export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly lowest: number;
  readonly highest: number;
  readonly isOurs: boolean;
}

export interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** A line of text each, below the bars. */
  readonly notes: readonly string[];
}

const width = 900;
const left = 170;
const barWidth = 500;
const row = 30;
const line = 19;
const panelHead = 44;
const ours = '#60a5fa';
const others = '#cbd5e1';
const ink = '#0f172a';
const faint = '#475569';

/** Panels of bars below each other, each with a line from its lowest to its highest value. An SVG document. */
export function barPlot(title: string, subtitles: readonly string[], panels: readonly Panel[]): string {
  const parts = [text(24, 38, title, `font-size="20" font-weight="600"`)];
  let y = 60;
  for (const subtitle of subtitles) {
    parts.push(text(24, y, subtitle, `fill="${faint}"`));
    y += line;
  }
  for (const panel of panels) {
    parts.push(drawPanel(panel, y));
    y += heightOf(panel);
  }
  const size = `width="${width}" height="${y + 16}" viewBox="0 0 ${width} ${y + 16}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="system-ui, sans-serif" font-size="13" fill="${ink}">
<title>${escape(title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}

function heightOf({ bars, notes }: Panel): number {
  return panelHead + bars.length * row + notes.length * line;
}

function drawPanel({ title, bars, notes }: Panel, top: number): string {
  const largest = Math.max(...bars.map(({ highest }) => highest));
  const after = top + panelHead + bars.length * row;
  return [
    text(24, top + 30, title, `font-size="15" font-weight="600"`),
    ...bars.map((bar, index) => drawBar(bar, top + panelHead + index * row, barWidth / largest)),
    ...notes.map((note, index) => text(left, after + 14 + index * line, note, `fill="${faint}"`)),
  ].join('\n');
}

/** `scale` is pixels for one of the value. */
function drawBar({ label, value, lowest, highest, isOurs }: Bar, top: number, scale: number): string {
  const middle = top + 11;
  const x = (of: number) => (left + of * scale).toFixed(1);
  const cap = (of: number) => `M${x(of)} ${middle - 4}V${middle + 4}`;
  const spread = `<path d="M${x(lowest)} ${middle}H${x(highest)}${cap(lowest)}${cap(highest)}" stroke="${ink}" fill="none"/>`;
  const figures = `${format(value)}  (${format(lowest)} – ${format(highest)})`;
  return [
    text(left - 10, middle + 5, label, `text-anchor="end"${isOurs ? ' font-weight="600"' : ''}`),
    `<rect x="${left}" y="${top}" width="${(value * scale).toFixed(1)}" height="22" rx="2" fill="${isOurs ? ours : others}"/>`,
    spread,
    text(Number(x(highest)) + 10, middle + 5, figures, ''),
  ].join('\n');
}

function format(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: value < 100 ? 1 : 0 });
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
