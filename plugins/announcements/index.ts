import { Schema } from 'koishi'
export interface Config {
  tickMs: number
  files: string
}
export const Config: Schema<Config> = Schema.object({
  tickMs: Schema.natural().default(5000),
  files: Schema.string().default('data/announcements'),
})
export const name = 'space-announcements'
export function apply(): void {
  return
}
