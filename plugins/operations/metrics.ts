import { isHealthy, secondsSince } from './condition'
import type { HealthCondition } from './condition'

interface Metric {
  name: string
  help: string
  type: 'gauge' | 'counter'
  samples: { labels?: Record<string, string>; value: number }[]
}

/** What the process itself uses. */
export interface Usage {
  residentBytes: number
  cpuSeconds: number
  startedAt: number
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export function metricsText(condition: HealthCondition, usage: Usage): string {
  return metricsOf(condition, usage).map(textOf).join('')
}

function metricsOf(condition: HealthCondition, usage: Usage): Metric[] {
  const { delivery, bots, at } = condition
  const connections = (pick: (bots: { all: number; online: number }) => number) =>
    [...bots].map(([platform, each]) => ({ labels: { platform }, value: pick(each) }))
  const oldest = delivery?.oldestPending
  return [
    gauge('space_healthy', 'Whether the bot is able to work.', [{ value: Number(isHealthy(condition)) }]),
    gauge('space_database_up', 'Whether the database answers.', [{ value: Number(delivery !== undefined) }]),
    gauge(
      'space_connections',
      'Connections that are configured, by platform.',
      connections(({ all }) => all),
    ),
    gauge(
      'space_connections_online',
      'Connections that stand, by platform.',
      connections(({ online }) => online),
    ),
    gauge(
      'space_messages',
      'Messages in the outbox, by state.',
      Object.entries(delivery?.counts ?? {}).map(([state, value]) => ({ labels: { state }, value })),
    ),
    gauge(
      'space_messages_failed',
      'Messages that were not delivered or of which nobody knows, by reason.',
      Object.entries(delivery?.failures ?? {}).map(([reason, value]) => ({ labels: { reason }, value })),
    ),
    gauge(
      'space_oldest_pending_seconds',
      'How long the oldest waiting message has waited.',
      delivery ? [{ value: oldest ? secondsSince(oldest, at) : 0 }] : [],
    ),
    gauge('process_resident_memory_bytes', 'Resident memory.', [{ value: usage.residentBytes }]),
    {
      ...gauge('process_cpu_seconds_total', 'Processor time used.', [{ value: usage.cpuSeconds }]),
      type: 'counter',
    },
    gauge('process_start_time_seconds', 'Start of the process since 1970.', [
      { value: Math.round(usage.startedAt / 1000) },
    ]),
  ]
}

function gauge(name: string, help: string, samples: Metric['samples']): Metric {
  return { name, help, type: 'gauge', samples }
}

function textOf({ name, help, type, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value }) => {
    const inside = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
    return `${name}${inside.length ? `{${inside.join(',')}}` : ''} ${value}\n`
  })
  return lines.length ? `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}` : ''
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
