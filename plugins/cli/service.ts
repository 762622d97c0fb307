import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { dataDir, root } from './house'
import { text } from './text'

/** `space service`: a systemd unit for this installation, and the commands that install it. */
export function run(args: string[]): number {
  parseArgs({ args, options: {} })
  process.stdout.write(unitOf({ user: userInfo().username, node: process.execPath, data: dataDir() }))
  process.stderr.write(`${text('service-install')}\n`)
  return 0
}

// Node itself is started: npm would not pass signals on. What the bot may write is its data folder only; the rest of
// the machine it sees at most for reading. https://www.freedesktop.org/software/systemd/man/systemd.exec.html
function unitOf({ user, node, data }: { user: string; node: string; data: string }): string {
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
ReadWritePaths=${data} ${root}/plugins/cli
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
`
}
