import figures from '../words/figures.json'
import { scanOf } from '../window/scan'
import { readSpokenNumber } from './numerals'
import type { Sense } from './sense'

const ordinal = scanOf(figures.ordinal)
const head = scanOf(figures.head)
const tail = scanOf(figures.tail)
const few = scanOf(figures.few)
const unit = scanOf(figures.unit)
const strong = scanOf(figures.strong)
const page = scanOf(figures.page)
const lastOne = scanOf(figures['last-one'])
const star = scanOf(figures.star)
const most = 9999

export interface ReadFigure {
  end: number
  sense: Sense
}

/** Places, numbers of places, pages and bare numbers that begin at a place of the text, longest first. */
export function readFigures(text: string, at: number): ReadFigure[] {
  return [
    readTail(text, at),
    readHead(text, at),
    readOrdinal(text, at),
    readStrong(text, at),
    readStars(text, at),
    readPlain(text, at),
  ].filter((read) => read !== undefined)
}

/** The first N. */
function readHead(text: string, at: number): ReadFigure | undefined {
  const lead = head.at(text, at)
  if (!lead) return undefined
  const number = readCount(text, lead.end)
  // "The one in front" is a neighbour, not a list of one.
  if (!number || (number.value === 1 && !text.startsWith('top', at))) return undefined
  return { end: number.end, sense: { kind: 'top', count: number.value } }
}

/** The last N, the last but N: both show the end of the list as far as N. */
function readTail(text: string, at: number): ReadFigure | undefined {
  const one = lastOne.at(text, at)
  if (one) return { end: one.end, sense: { kind: 'bottom', count: 1 } }
  const lead = tail.at(text, at)
  if (!lead) return undefined
  const number = readCount(text, ordinal.at(text, lead.end)?.end ?? lead.end)
  return number && { end: number.end, sense: { kind: 'bottom', count: number.value } }
}

function readCount(text: string, at: number): { value: number; end: number } | undefined {
  const loose = few.at(text, at)
  const number = loose
    ? { value: figures['few-count'], end: loose.end, length: 1 }
    : readSpokenNumber(text, at)
  if (!number || number.value < 1 || number.value > most || number.length > 4) return undefined
  return { value: number.value, end: unit.at(text, number.end)?.end ?? number.end }
}

/** The Nth, page N. */
function readOrdinal(text: string, at: number): ReadFigure | undefined {
  const lead = ordinal.at(text, at)
  const number = readSpokenNumber(text, lead?.end ?? at)
  if (!number || number.value < 1 || number.value > most) return undefined
  const turned = page.at(text, number.end)
  if (turned) return { end: turned.end, sense: { kind: 'page', page: number.value } }
  const named = unit.at(text, number.end)
  if (lead) return { end: named?.end ?? number.end, sense: { kind: 'nth', count: number.value } }
  return undefined
}

/** The top ten, said as "ten strong". */
function readStrong(text: string, at: number): ReadFigure | undefined {
  const number = readSpokenNumber(text, at)
  const sign = number && strong.at(text, number.end)
  if (!number || !sign || number.value < 1 || number.value > most) return undefined
  return { end: sign.end, sense: { kind: 'top', count: number.value } }
}

function readStars(text: string, at: number): ReadFigure | undefined {
  const number = readSpokenNumber(text, at)
  const sign = number && star.at(text, number.end)
  if (!number || !sign || number.value < 1 || number.value > 5 || number.length > 1) return undefined
  return { end: sign.end, sense: { kind: 'stars', value: number.value } }
}

function readPlain(text: string, at: number): ReadFigure | undefined {
  const number = readSpokenNumber(text, at)
  return number && { end: number.end, sense: { kind: 'number', value: number.value, length: number.length } }
}
