import { BlockList, isIPv4 } from 'node:net'

const inner = new BlockList()
// Networks that are not the public internet: RFC 6890 and what has been added to it.
const networks: [network: string, bits: number][] = [
  ...[
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ],
  ...[
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
  ],
  ...[
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ],
] as [string, number][]
for (const [network, bits] of networks) inner.addSubnet(network, bits, 'ipv4')
// Addresses of the old kind in the dress of new ones: tunnels, and examples.
for (const [network, bits] of [
  ['2001::', 32],
  ['2002::', 16],
  ['2001:db8::', 32],
] as [string, number][]) {
  inner.addSubnet(network, bits, 'ipv6')
}
const unicast = new BlockList()
unicast.addSubnet('2000::', 3, 'ipv6')

/** Whether an address belongs to the public internet, not to this machine or the networks around it. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !inner.check(address, 'ipv4')
  return unicast.check(address, 'ipv6') && !inner.check(address, 'ipv6')
}
