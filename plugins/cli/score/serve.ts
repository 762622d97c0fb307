import type { MessagePort } from 'node:worker_threads'
import { IdSet } from '@space-assistant/core/scoring/lines/id-set'
import { Unusual } from '@space-assistant/core/scoring/lines/unusual'
import { packAll } from './packed'
import { addPoints } from './points'
import { readSlice } from './slice-file'
import type { Answer, Task } from './threads'

/** The second thread of `space score`: counts slices of records files and packs members, as it is asked to. */
export function serve(port: MessagePort): void {
  port.on('message', (task: Task) => {
    answer(task).then(
      (result) => port.postMessage(result),
      (error: unknown) => {
        if (error instanceof Unusual) port.postMessage({ kind: 'unusual', reason: error.reason })
        else throw error
      },
    )
  })
}

async function answer(task: Task): Promise<Answer> {
  switch (task.kind) {
    case 'read': {
      const { slice, setup, headers } = task
      const before = task.before && new IdSet(task.before)
      return { kind: 'read', result: await readSlice(slice, setup, { headers, before }) }
    }
    case 'pack':
      return { kind: 'pack', packed: packAll(task.slices, task.range) }
    case 'points':
      addPoints(task.slices, task.range)
      return { kind: 'points' }
  }
}
