// Installs what the demo or the tests need on a machine that has only Node: npm packages when the lock file
// changed, and, with --tests, the Debian packages of the test suite. Runs before any dependency exists, so it
// uses nothing but Node.
const { spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { resolve } = require('node:path')

const root = resolve(__dirname, '..')
const stamp = resolve(root, 'node_modules/.space-assistant-lock')
const lock = createHash('sha256')
  .update(readFileSync(resolve(root, 'package-lock.json')))
  .digest('hex')

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`需要 Node.js 20.19 或更新的版本，现在是 ${process.version}。 Node 20.19 or newer is needed.`)
  process.exit(1)
}

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.log('installing npm packages ...')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(
      '没有装好依赖：请检查网络（能否打开 npm 的软件源 / npm registry），再运行一次同样的命令。\n' +
        'The packages could not be installed. Check the network and the npm registry, then run the same command again.',
    )
    process.exit(1)
  }
  writeFileSync(stamp, lock)
}

if (process.argv[2] === undefined) console.log('依赖已经装好。 The packages are installed.')
if (process.argv.includes('--tests')) installDebian({ mariadbd: 'mariadb-server', chromium: 'chromium' })

function installDebian(programs) {
  const paths = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
  const missing = Object.keys(programs).filter((name) => !paths.some((dir) => existsSync(`${dir}/${name}`)))
  if (!missing.length) return
  const packages = missing.map((name) => programs[name])
  if (packages.includes('chromium')) packages.push('fonts-wqy-microhei')
  console.log(`installing Debian packages: ${packages.join(' ')} ...`)
  const sudo = process.getuid?.() === 0 ? [] : ['sudo']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...command) => {
    const [program, ...rest] = [...sudo, ...command]
    const { status } = spawnSync(program, rest, { stdio: 'inherit', env })
    if (status !== 0) {
      console.error(
        `${command.join(' ')} failed; install ${packages.join(' ')} by hand and run the tests again.`,
      )
      process.exit(1)
    }
  }
  run('apt-get', 'update', '-q')
  // A server that Debian starts by itself would take the port and is not needed: the tests start their own.
  run('apt-get', 'install', '-y', '-q', '--no-install-recommends', ...packages)
}
