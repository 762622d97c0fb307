import { pictureColours, rectShape, textShape, textWidth } from './shape'
import type { PictureBox, PicturePoint, PictureShape } from './shape'

/** One place along a chart; null where there is nothing to show. */
export interface ChartPoint {
  label: string
  value: number | null
  /** The value in words where it is written beside the mark. */
  text?: string
}

export interface ChartOptions {
  box: PictureBox
  /** Size of the labels in pixels. */
  size: number
  /** The smallest value is at the top, as with places. */
  inverted?: boolean
  /** Values are whole numbers: no line of the scale lies between two. */
  whole?: boolean
  stroke?: string
}

interface Scale {
  ticks: number[]
  y: (value: number) => number
}

/** A line with its scale, its labels, and the first and last values written out; a single point is a dot. */
export function lineChart(points: readonly ChartPoint[], options: ChartOptions): PictureShape[] {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]))
  if (!values.length) return []
  const plot = plotOf(options)
  const scale = scaleOf([Math.min(...values), Math.max(...values)], plot, options)
  const { stroke = pictureColours.accent } = options
  const x = spread(points.length, plot, 0.04)
  const at = (point: ChartPoint, i: number): PicturePoint[] =>
    point.value === null ? [] : [[x(i), scale.y(point.value)]]
  const marks = points.flatMap(at)
  return [
    ...gridShapes(scale, plot, options),
    ...runsOf(points).flatMap((run): PictureShape[] => {
      const line = run.flatMap((i) => at(points[i] ?? { label: '', value: null }, i))
      return line.length > 1 ? [{ kind: 'line', points: line, stroke, width: 6 }] : []
    }),
    ...marks.map(([cx, cy], i): PictureShape => {
      const last = i === marks.length - 1
      const radius = last ? 13 : marks.length > 14 ? 6 : 9
      return {
        kind: 'circle',
        x: cx,
        y: cy,
        radius,
        fill: last ? stroke : pictureColours.paper,
        stroke,
        width: 5,
      }
    }),
    ...valueLabels(points, { at, plot, size: options.size }),
    ...labelShapes(points, { x, plot, size: options.size }),
  ]
}

/** Columns from a base line at 0. */
export function barChart(points: readonly ChartPoint[], options: ChartOptions): PictureShape[] {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]))
  if (!values.length) return []
  const plot = plotOf(options)
  const scale = scaleOf([0, Math.max(...values)], plot, options)
  const { stroke = pictureColours.accent } = options
  const step = plot.width / points.length
  const width = Math.min(step * 0.62, 96)
  const x = (i: number) => plot.x + step * (i + 0.5)
  const base = scale.y(0)
  return [
    ...gridShapes(scale, plot, options),
    ...points.flatMap(({ value }, i) => {
      if (value === null) return []
      const top = scale.y(value)
      const fill = i === points.length - 1 ? stroke : pictureColours.bar
      return [rectShape({ x: x(i) - width / 2, y: top, width, height: Math.max(base - top, 2) }, fill, 4)]
    }),
    ...valueLabels(points, {
      ...{ plot, size: options.size },
      at: (point, i) => (point.value === null ? [] : [[x(i), scale.y(point.value)]]),
    }),
    ...labelShapes(points, { x, plot, size: options.size }),
  ]
}

/** A line without any words, to stand in a row of a table. */
export function sparkline(
  values: readonly (number | null)[],
  {
    box,
    stroke = pictureColours.accent,
    inverted = false,
  }: Pick<ChartOptions, 'box' | 'stroke' | 'inverted'>,
): PictureShape[] {
  const known = values.flatMap((value) => (value === null ? [] : [value]))
  if (!known.length) return []
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const share = (value: number) => (high === low ? 0.5 : (value - low) / (high - low))
  const x = (i: number) => box.x + (values.length > 1 ? (i / (values.length - 1)) * box.width : box.width / 2)
  const y = (value: number) => box.y + (inverted ? share(value) : 1 - share(value)) * box.height
  const points = values.flatMap((value, i): PicturePoint[] => (value === null ? [] : [[x(i), y(value)]]))
  const [cx, cy] = points.at(-1) ?? [0, 0]
  const dot: PictureShape = {
    kind: 'circle',
    x: cx,
    y: cy,
    radius: Math.max(box.height / 9, 3),
    fill: stroke,
  }
  if (points.length < 2) return [dot]
  return [{ kind: 'line', points, stroke, width: Math.max(box.height / 14, 2) }, dot]
}

/** The part of the box that the marks are in: beside it the scale, below it the labels. */
function plotOf({ box, size }: ChartOptions): PictureBox {
  const left = size * 3.2
  return {
    x: box.x + left,
    y: box.y + size * 1.6,
    width: box.width - left - size * 0.6,
    height: box.height - size * 3.6,
  }
}

function scaleOf(
  [low, high]: readonly [number, number],
  plot: PictureBox,
  { inverted = false, whole = false }: ChartOptions,
): Scale {
  const ticks = ticksOf(low, high, whole)
  const [first, last] = [ticks[0] ?? low, ticks.at(-1) ?? high]
  const span = last - first || 1
  const share = (value: number) => (ticks.length < 2 ? 0.5 : (value - first) / span)
  return {
    ticks,
    y: (value) => plot.y + (inverted ? share(value) : 1 - share(value)) * plot.height,
  }
}

/** Round numbers that enclose the values, about five of them. */
function ticksOf(low: number, high: number, whole: boolean): number[] {
  if (low === high) {
    const pad = whole ? 1 : Math.max(Math.abs(low) * 0.1, 1)
    return ticksOf(whole ? Math.max(low - pad, 0) : low - pad, high + pad, whole)
  }
  const rough = (high - low) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step =
    [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough * 0.999) ?? power * 10
  const used = whole ? Math.max(Math.ceil(step), 1) : step
  // A place is never 0.
  const first = whole && low >= 1 ? Math.max(Math.floor(low / used) * used, 1) : Math.floor(low / used) * used
  const ticks = [first]
  for (let tick = (Math.floor(first / used) + 1) * used; tick < high + used * 0.999; tick += used) {
    ticks.push(Math.round(tick * 1e6) / 1e6)
  }
  return ticks
}

function gridShapes({ ticks, y }: Scale, plot: PictureBox, { box, size }: ChartOptions): PictureShape[] {
  return ticks.flatMap((tick): PictureShape[] => [
    {
      ...{ kind: 'line', stroke: pictureColours.rule, width: 2 },
      points: [
        [plot.x, y(tick)],
        [box.x + box.width, y(tick)],
      ],
    },
    textShape(String(tick), [plot.x - size * 0.5, y(tick) + size * 0.36], {
      ...{ size: size * 0.9, fill: pictureColours.faint, align: 'right' },
    }),
  ])
}

/** Labels that have room, the last one always. */
function labelShapes(
  points: readonly ChartPoint[],
  { x, plot, size }: { x: (i: number) => number; plot: PictureBox; size: number },
): PictureShape[] {
  const widest = Math.max(...points.map(({ label }) => textWidth(label, size)))
  const every = Math.max(1, Math.ceil(((widest + size) * points.length) / plot.width))
  return points.flatMap(({ label }, i) => {
    if ((points.length - 1 - i) % every) return []
    const style = { size, fill: pictureColours.soft, align: 'center' } as const
    return [textShape(label, [x(i), plot.y + plot.height + size * 1.7], style)]
  })
}

interface Labelled {
  at: (point: ChartPoint, i: number) => PicturePoint[]
  plot: PictureBox
  size: number
}

/** Values beside their marks: all where there is room, else those of the first and the last. */
function valueLabels(points: readonly ChartPoint[], { at, plot, size }: Labelled): PictureShape[] {
  const texts = points.map(({ text = '' }) => text)
  const widest = Math.max(...texts.map((text) => textWidth(text, size, 'bold')))
  const roomy = (widest + size * 0.6) * points.length <= plot.width
  const known = points.flatMap(({ value }, i) => (value === null ? [] : [i]))
  return points.flatMap((point, i) => {
    const [place] = at(point, i)
    const last = i === known.at(-1)
    if (!place || !point.text || !(roomy || last || i === known[0])) return []
    const fill = last ? pictureColours.ink : pictureColours.soft
    const [x, y] = [place[0], place[1] - size * 0.8]
    const width = textWidth(point.text, size, 'bold') + 8
    return [
      // No line of the scale shines through a number.
      rectShape({ x: x - width / 2, y: y - size * 0.82, width, height: size }, pictureColours.paper),
      textShape(point.text, [x, y], { size, fill, align: 'center', weight: last ? 'bold' : 'regular' }),
    ]
  })
}

/** The indexes of neighbouring points that have values. */
function runsOf(points: readonly ChartPoint[]): number[][] {
  const runs: number[][] = []
  let open = false
  for (const [i, { value }] of points.entries()) {
    if (value !== null) {
      if (open) runs.at(-1)?.push(i)
      else runs.push([i])
    }
    open = value !== null
  }
  return runs
}

/** Positions of points over a box, with some room at both ends. */
function spread(count: number, { x, width }: PictureBox, room: number): (i: number) => number {
  const inner = width * (1 - 2 * room)
  return (i) => x + (count > 1 ? width * room + (inner * i) / (count - 1) : width / 2)
}
