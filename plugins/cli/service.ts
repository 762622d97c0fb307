import { userInfo } from 'node:os'
import { sep } from 'node:path'
import { parseArgs } from 'node:util'
import { backupDir } from './backup/data-folder'
import { dataDir, readEnvironment, root } from './house'
import { text } from './text'

/** `space service`: a systemd unit for this installation, and the commands that install it. */
export function run(args: string[]): number {
  parseArgs({ args, options: {} })
  // The folders that .env names are those that the service writes.
  readEnvironment()
  const [data, backups] = [dataDir(), backupDir()]
  // A folder that is not there yet would keep the service from starting; below the data the bot makes it itself.
  const aside = backups.startsWith(data + sep) ? [] : [backups]
  const writes = [data, ...aside, `${root}/plugins/cli`]
  process.stdout.write(unitOf({ user: userInfo().username, node: process.execPath, writes }))
  process.stderr.write(`${text('service-install')}\n`)
  return 0
}

// Node itself is started: npm would not pass signals on. What the bot may write is its data and backups only; the rest of
// the machine it sees at most for reading. https://www.freedesktop.org/software/systemd/man/systemd.exec.html
function unitOf({ user, node, writes }: { user: string; node: string; writes: string[] }): string {
  return `[Unit]
Description=Space Assistant
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
User=${user}
WorkingDirectory=${root}
ExecStart=${node} ${root}/plugins/cli/bin.cjs start
Environment=NODE_ENV=production
Restart=always
RestartSec=5
TimeoutStopSec=60
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=${writes.join(' ')}
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
`
}
