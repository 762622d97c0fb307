import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operator } from '@space-assistant/core/access/viewer'
import PizZip from 'pizzip'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { at, eventually } from '../journeys/house'
import { groups, startBulletins } from './house'
import type { BulletinHouse } from './house'

let test: BulletinHouse
let folder: string
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-17 10:00:00'), shouldAdvanceTime: true })
  folder = mkdtempSync(join(tmpdir(), 'space-templates-'))
  test = await startBulletins()
})
afterEach(async () => {
  await test.stop()
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

/** The bureau's own templates, with one tag of the bulletin's misspelt by somebody. */
function misspellTag(): () => void {
  const { app } = test.house
  const base = app.baseDir
  cpSync(join(base, 'config/templates'), join(folder, 'config/templates'), { recursive: true })
  const path = join(folder, 'config/templates/通报.docx')
  const zip = new PizZip(readFileSync(path))
  const xml = zip.file('word/document.xml')?.asText() ?? ''
  expect(xml).toContain('{落款}')
  zip.file('word/document.xml', xml.replace('{落款}', '{落款单位}'))
  writeFileSync(path, zip.generate({ type: 'uint8array' }))
  app.baseDir = folder
  return () => (app.baseDir = base)
}

it('a template with a wrong tag is named at publishing, and nothing is sent until it is put right', async () => {
  await test.say('/通报 起草')
  await test.say('/通报 提交 1')
  expect(await test.say('/通报 批准 1', '5002')).toContain('已批准')
  const putRight = misspellTag()
  const refusal = await test.say('/通报 确认 1')
  expect(refusal).toMatch(/模板 config\/templates\/通报.docx 有问题：没有叫 \{落款单位\} 的内容/u)
  expect(refusal).toContain('请在 Word 里改好再试')
  const outbox = await test.house.app.database.get('space_message', {})
  expect(outbox.filter(({ kind }) => kind === 'bulletin')).toEqual([])
  expect(test.fake.delivered.filter(({ group }) => group && groups.includes(group))).toEqual([])
  const { publishing } = test.house.app.bulletins
  expect(await publishing.progress(operator, 1)).toMatchObject({ ok: false, code: 'not-published' })
  putRight()
  expect(await test.say('/通报 确认 1')).toContain('已发布，发往 2 个群')
  await eventually(() =>
    expect(new Set(test.fake.delivered.flatMap(({ group, file }) => (file ? [group] : [])))).toEqual(
      new Set(groups),
    ),
  )
})
