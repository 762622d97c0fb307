// The second thread of `space score`: counts slices of records files and packs members, as it is asked to.
import { parentPort, workerData } from 'node:worker_threads'
import type { Headers } from '@space-assistant/core/formats/headers'
import { IdSet } from '@space-assistant/core/scoring/lines/id-set'
import { Unusual } from '@space-assistant/core/scoring/lines/unusual'
import { packAll } from './packed'
import { readSlice } from './slice-file'
import type { Answer, Task } from './threads'

const { headers } = workerData as { headers: Headers }

async function answer(task: Task): Promise<Answer> {
  switch (task.kind) {
    case 'read': {
      const before = task.before && new IdSet(task.before)
      return { kind: 'read', result: await readSlice(task.slice, task.setup, { headers, before }) }
    }
    case 'pack':
      return { kind: 'pack', packed: packAll(task.slices, task.range) }
  }
}

parentPort!.on('message', (task: Task) => {
  answer(task).then(
    (result) => parentPort!.postMessage(result),
    (error: unknown) => {
      if (error instanceof Unusual) parentPort!.postMessage({ kind: 'unusual', reason: error.reason })
      else throw error
    },
  )
})
