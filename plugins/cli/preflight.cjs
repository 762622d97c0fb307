// What has to be there before anything of the project can be loaded: a Node that is new enough, and the packages
// of the lock file. Answers a sentence that says what to do, or undefined. Uses nothing but Node, old ones too.
'use strict'
const { createHash } = require('crypto')
const { existsSync, readFileSync } = require('fs')
const { join, resolve } = require('path')

const root = resolve(__dirname, '../..')

function refusePreflight() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) return say('preflight-node', process.version)
  if (!existsSync(join(root, 'node_modules/koishi'))) return say('preflight-install')
  if (isOutdated()) return say('preflight-outdated')
}

/** Whether the lock file is another one than that which was installed from, as after a pull. */
function isOutdated() {
  const stamp = join(root, 'node_modules/.space-assistant-lock')
  const file = join(root, 'package-lock.json')
  if (!existsSync(stamp) || !existsSync(file)) return false
  const lock = readFileSync(file)
  return readFileSync(stamp, 'utf8') !== createHash('sha256').update(lock).digest('hex')
}

function say(key, given) {
  const locale = process.env.SPACE_LOCALE === 'en-US' ? 'en-US' : 'zh-CN'
  const texts = JSON.parse(readFileSync(join(__dirname, 'locales', locale + '.json'), 'utf8'))
  return texts[key].replace('{given}', given)
}

module.exports = { refusePreflight }
