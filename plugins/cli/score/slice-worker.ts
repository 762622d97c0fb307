// The second thread when `space score` runs from source.
import { parentPort, workerData } from 'node:worker_threads'
import type { Headers } from '@space-assistant/core/formats/headers'
import { serve } from './serve'

serve(parentPort!, (workerData as { headers: Headers }).headers)
