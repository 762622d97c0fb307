// The readers of configuration that bring a yml parser and a schema library along, loaded only when they are needed.
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { config } from 'zod'
import { mergeHeaders } from '../local-config'

// Compiling checks pays where they are run often, not for one scheme.
config({ jitless: true })

export { loadScheme, mergeHeaders }
