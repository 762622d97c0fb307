// The second thread when `space score` runs from source.
import { parentPort } from 'node:worker_threads'
import { serve } from './serve'
import { present } from '@space-assistant/core/text/present'

serve(present(parentPort, 'the port of the first thread'))
