// The second thread when `space score` runs from source.
import { parentPort } from 'node:worker_threads'
import { serve } from './serve'

serve(parentPort!)
