import { rankingPicture } from '@space-assistant/core/pictures/ranking'
import { pictureTexts } from '@space-assistant/core/pictures/shape'
import { execFileSync } from 'node:child_process'
import { loadImage } from '@napi-rs/canvas'
import { Context } from 'koishi'
import * as pictures from 'koishi-plugin-space-pictures'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { root } from '../house/sources'
import { rankingSample } from './sample'

let app: Context
const start = async (config: Partial<pictures.Config> = {}) => {
  app = new Context()
  app.baseDir = root
  app.plugin(pictures, pictures.Config(config as pictures.Config))
  await app.start()
}
beforeEach(() => start())
afterEach(() => app.stop())

const long = rankingPicture(rankingSample(30, (row) => ({ ...row, own: row.rank === 4 })))

it('thirty rows are a PNG 1440 wide and at most 1.5 MB', async () => {
  const bytes = await app.pictures.paint(long)
  expect([...bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
  expect(bytes.length).toBeLessThanOrEqual(1.5 * 2 ** 20)
  const { width, height } = await loadImage(Buffer.from(bytes))
  expect([width, height]).toEqual([1440, long.height])
})

it('the same picture is painted once, a masked one is another', async () => {
  const named = rankingPicture(rankingSample(2, (row) => ({ ...row, name: '张三' })))
  const masked = rankingPicture(rankingSample(2, (row) => ({ ...row, name: '张*' })))
  const [a, b, c] = await Promise.all([named, named, masked].map((one) => app.pictures.paint(one)))
  expect(a).toBe(b)
  expect(Buffer.from(c ?? []).equals(Buffer.from(a ?? []))).toBe(false)
})

it('what the font cannot draw leaves no gap and no foreign glyph', async () => {
  const paint = (name: string) =>
    app.pictures.paint(rankingPicture(rankingSample(1, (row) => ({ ...row, name }))))
  expect(await paint('王😀明')).toEqual(await paint('王明'))
  expect(await paint('𠮷野')).toEqual(await paint('〓野'))
})

it('a picture that is too large as PNG becomes a JPEG', async () => {
  // Noise cannot be packed.
  let seed = 1
  const random = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32
  const shapes = Array.from({ length: 150_000 }, () => {
    const fill = `#${Math.floor(random() * 2 ** 24)
      .toString(16)
      .padStart(6, '0')}`
    return { kind: 'rect', x: random() * 1440, y: random() * 3000, width: 6, height: 6, fill } as const
  })
  const bytes = await app.pictures.paint({ width: 1440, height: 3000, background: '#fff', shapes })
  expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff])
  expect(bytes.length).toBeLessThanOrEqual(1.5 * 2 ** 20)
})

it('a thread that cannot start refuses, and is tried again with the next picture', async () => {
  const broken = { ...long, shapes: [{ kind: 'nonsense' }] } as unknown as typeof long
  await expect(app.pictures.paint(broken)).rejects.toThrow('cannot be painted')
  expect((await app.pictures.paint(long)).length).toBeGreaterThan(10_000)
})

it('ends its thread when there is nothing to paint, and starts another', async () => {
  await app.stop()
  await start({ idleMs: 20 })
  await app.pictures.paint(long)
  await new Promise((done) => setTimeout(done, 200))
  expect(pictureTexts(long)).toContain('第4小学')
  const other = rankingPicture(rankingSample(2))
  expect((await app.pictures.paint(other)).length).toBeGreaterThan(10_000)
})

it('is the same picture, dot for dot, on a machine without any font of its own', () => {
  const digests = [{}, { DISABLE_SYSTEM_FONTS_LOAD: '1' }].map((fonts) => {
    const args = ['-C', 'development', '-r', 'tsx/cjs', 'tests/pictures/fontless.ts']
    const env = { ...process.env, NODE_OPTIONS: '', ...fonts }
    return execFileSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' }).trim().split(' ')
  })
  const [[families, picture] = [], [none, alone] = []] = digests
  expect(Number(none)).toBe(0)
  expect(Number(families)).toBeGreaterThanOrEqual(0)
  expect(alone).toMatch(/^[0-9a-f]{64}$/)
  expect(alone).toBe(picture)
}, 60_000)
