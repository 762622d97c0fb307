// Paints a picture with rare characters in a process of its own, which may have no font of the machine: how many fonts it
// found, and the hash of the picture.
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { GlobalFonts } from '@napi-rs/canvas'
import { rankingPicture } from '../../src/pictures/ranking'
import { Painter } from '../../plugins/pictures/painter'
import { rankingSample } from './sample'

const names = ['邾城街\u5803小学', '阳逻〇一中学', '\u4dae小学', 'Aa 0,1.2%']
const font = (weight: string) => resolve(__dirname, `../../config/fonts/NotoSansSC-${weight}.ttf`)

async function main(): Promise<void> {
  const found = GlobalFonts.families.length
  const painter = new Painter({
    ...{ fonts: { regular: font('Regular'), bold: font('Bold') }, limit: 1.5 * 2 ** 20, idleMs: 1000 },
  })
  const picture = rankingPicture(rankingSample(4, (row) => ({ ...row, name: names[row.rank - 1] ?? '' })))
  const bytes = await painter.paint(picture)
  painter.stop()
  process.stdout.write(`${found} ${createHash('sha256').update(bytes).digest('hex')}\n`)
}

void main()
