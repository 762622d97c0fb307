import type { MessagePort } from 'node:worker_threads'
import { UnusualLines } from '@space-assistant/core/pipeline/unusual'
import { readSlice } from './slice-file'
import type { SliceTask } from './slice-file'
import type { SliceAnswer } from './threads'

/** The second thread of `space score`: reads slices of records files as it is asked to. */
export function serve(port: MessagePort): void {
  const answer = (message: SliceAnswer) => port.postMessage(message)
  port.on('message', (task: SliceTask) => {
    readSlice(task).then(
      (read) => answer({ kind: 'read', read }),
      (error: unknown) => {
        if (error instanceof UnusualLines) answer({ kind: 'unusual', reason: error.reason })
        else throw error
      },
    )
  })
}
