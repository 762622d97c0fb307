// Required by measured processes: tells at exit what the operating system says was their peak of resident memory.
const { writeFileSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

if (isMainThread) {
  process.on('exit', () => {
    if (process.env.PEAK_FILE)
      writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS * 1024))
  })
}
