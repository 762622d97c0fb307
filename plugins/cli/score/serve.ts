import type { MessagePort } from 'node:worker_threads'
import { Engine } from '@space-assistant/core/scoring/lines/engine'
import { addPoints } from '@space-assistant/core/scoring/lines/points'
import { Unusual } from '@space-assistant/core/scoring/lines/unusual'
import { packAll } from './packed'
import { readSlice } from './slice-file'
import type { Answer, Task } from './threads'

/** The second thread of `space score`: counts slices of records files and what is made of them, as it is asked to. */
export function serve(port: MessagePort): void {
  let engine: Engine | undefined
  port.on('message', (task: Task) => {
    if (task.kind === 'begin') engine = new Engine(task.parts)
    else {
      answer(engine!, task).then(
        (result) => port.postMessage(result),
        (error: unknown) => {
          if (error instanceof Unusual) port.postMessage({ kind: 'unusual', reason: error.reason })
          else throw error
        },
      )
    }
  })
}

async function answer(engine: Engine, task: Exclude<Task, { kind: 'begin' }>): Promise<Answer> {
  switch (task.kind) {
    case 'read': {
      const { slice, ...context } = task
      return { kind: 'read', result: await readSlice(slice, { engine, ...context }) }
    }
    case 'pack':
      return { kind: 'pack', packed: packAll(engine, task.task) }
    case 'points':
      addPoints(engine, task.task)
      return { kind: 'points' }
  }
}
