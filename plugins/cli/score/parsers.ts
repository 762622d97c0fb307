// The readers of configuration that bring a yml parser and a schema library along, loaded only when they are needed.
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { config } from 'zod'

// Compiling checks pays where they are run often, not for one scheme.
config({ jitless: true })

export { loadScheme, parseHeaders }
