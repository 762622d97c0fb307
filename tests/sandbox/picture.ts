// Takes the picture of the README anew: node -r tsx/cjs -C development tests/sandbox/picture.ts
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, root, Space } from '../cli/space'
import { Sandbox } from './browser'

async function take(): Promise<void> {
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'space-picture-'))
  const demo = new Space(['demo', '--dir', dir], { PORT: String(port) })
  try {
    await demo.said('演示数据已就绪（')
    const sandbox = await Sandbox.open(port)
    await sandbox.be('Alice')
    await sandbox.inGroup()
    await sandbox.say('/排名 本校')
    await sandbox.say('/任务')
    mkdirSync(join(root, 'docs/pictures'), { recursive: true })
    await sandbox.picture(join(root, 'docs/pictures/sandbox.png'))
    await sandbox.close()
  } finally {
    demo.kill()
    await demo.ended
    rmSync(dir, { recursive: true, force: true })
  }
}

void take()
