// Paints pictures in a thread of its own: drawing and packing one takes a tenth of a second, which nobody else should
// wait for. A file of plain JavaScript, so that the sources and the built program start the very same one.
'use strict'
const { parentPort, workerData } = require('node:worker_threads')
const { GlobalFonts, createCanvas } = require('@napi-rs/canvas')

const families = { regular: 'space-regular', bold: 'space-bold' }
for (const [weight, path] of Object.entries(workerData.fonts)) {
  if (!GlobalFonts.registerFromPath(path, families[weight])) throw new Error(`no font at ${path}`)
}

parentPort.on('message', ({ picture, limit }) => {
  try {
    const bytes = encode(paint(picture), limit)
    parentPort.postMessage({ bytes }, [bytes.buffer])
  } catch (error) {
    parentPort.postMessage({ problem: String(error && error.message) })
  }
})

function paint({ width, height, background, shapes }) {
  const canvas = createCanvas(width, height)
  const pen = canvas.getContext('2d')
  pen.fillStyle = background
  pen.fillRect(0, 0, width, height)
  for (const shape of shapes) drawing[shape.kind](pen, shape)
  return canvas
}

const drawing = {
  rect(pen, { x, y, width, height, fill, radius }) {
    pen.fillStyle = fill
    if (!radius) return pen.fillRect(x, y, width, height)
    pen.beginPath()
    pen.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2))
    pen.fill()
  },
  text(pen, { x, y, text, size, fill, weight, align, maxWidth }) {
    pen.font = `${size}px ${families[weight]}`
    pen.fillStyle = fill
    pen.textAlign = align
    pen.textBaseline = 'alphabetic'
    pen.fillText(text, x, y, maxWidth)
  },
  line(pen, { points, stroke, width, dash = [] }) {
    trace(pen, points)
    pen.strokeStyle = stroke
    pen.lineWidth = width
    pen.lineJoin = pen.lineCap = 'round'
    pen.setLineDash(dash)
    pen.stroke()
    pen.setLineDash([])
  },
  area(pen, { points, fill }) {
    trace(pen, points)
    pen.closePath()
    pen.fillStyle = fill
    pen.fill()
  },
  circle(pen, { x, y, radius, fill, stroke, width = 1 }) {
    pen.beginPath()
    pen.arc(x, y, radius, 0, Math.PI * 2)
    pen.fillStyle = fill
    pen.fill()
    if (!stroke) return
    pen.strokeStyle = stroke
    pen.lineWidth = width
    pen.stroke()
  },
}

function trace(pen, points) {
  pen.beginPath()
  for (const [x, y] of points) pen.lineTo(x, y)
}

/** PNG while it is small enough; else JPEG, in the best quality that is. */
function encode(canvas, limit) {
  let bytes = canvas.toBuffer('image/png')
  for (const quality of [92, 80, 60, 40, 20]) {
    if (bytes.length <= limit) break
    bytes = canvas.toBuffer('image/jpeg', quality)
  }
  return new Uint8Array(bytes)
}
