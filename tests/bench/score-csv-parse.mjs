// The second baseline of the score benchmark: reads the file with csv-parse and does nothing with it.
import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'

let rows = 0
for await (const row of createReadStream(process.argv[2]).pipe(parse())) rows += row.length ? 1 : 0
if (!rows) process.exitCode = 1
