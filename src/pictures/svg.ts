import type { Picture, PictureShape } from './shape'

const anchors = { left: 'start', center: 'middle', right: 'end' } as const

/** The same picture as an SVG document, for the page. Fonts are the reader's own; `title` is read aloud. */
export function renderSvg({ width, height, background, shapes }: Picture, title: string): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`
  const paper = `<rect width="${width}" height="${height}" fill="${escapeXml(background)}"/>`
  return `${head}<title>${escapeXml(title)}</title>${paper}${renderShapes(shapes)}</svg>`
}

/** Shapes as SVG elements, to be put into a document of one's own. */
export function renderShapes(shapes: readonly PictureShape[]): string {
  return shapes.map(elementOf).join('')
}

function elementOf(shape: PictureShape): string {
  switch (shape.kind) {
    case 'rect': {
      const { x, y, width, height, fill, radius = 0 } = shape
      return element('rect', { x, y, width, height, rx: radius || undefined, fill })
    }
    case 'text': {
      const { x, y, text, size, fill, weight, align } = shape
      const face = { 'font-size': size, 'font-weight': weight === 'bold' ? 700 : undefined }
      return element('text', { x, y, ...face, fill, 'text-anchor': anchors[align] }, escapeXml(text))
    }
    case 'line': {
      const { points, stroke, width, dash } = shape
      const line = { stroke, 'stroke-width': width, 'stroke-dasharray': dash?.join(' ') }
      const ends = { 'stroke-linejoin': 'round', 'stroke-linecap': 'round' }
      return element('polyline', { points: points.join(' '), fill: 'none', ...line, ...ends })
    }
    case 'area':
      return element('polygon', { points: shape.points.join(' '), fill: shape.fill })
    case 'circle': {
      const { x, y, radius, fill, stroke, width } = shape
      return element('circle', { cx: x, cy: y, r: radius, fill, stroke, 'stroke-width': stroke && width })
    }
  }
}

function element(name: string, attributes: Record<string, string | number | undefined>, inner = ''): string {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === 'number' ? round(value) : escapeXml(value)}"`],
  )
  return `<${name}${given.join('')}>${inner}</${name}>`
}

const round = (value: number) => Math.round(value * 100) / 100

/** Text as it may stand in XML, in content and in attributes; characters that XML forbids fall away. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
