/** Something that was said in a room of the demo. */
export interface RoomLine {
  number: number
  /** Chat account of whoever said it; the bot's own for its messages. */
  by: string
  text: string
  /** As data addresses, so that nothing has to be asked for. */
  pictures: string[]
  files: string[]
}

/** Most lines that a room keeps. */
const KEPT = 300

/** What was said in the demo's rooms, for as long as the process lives. */
export class DemoRooms {
  private readonly rooms = new Map<string, RoomLine[]>()
  private last = 0

  /** Adds a line; its number rises over all rooms. */
  add(room: string, line: Omit<RoomLine, 'number'>): number {
    const lines = this.rooms.get(room) ?? []
    lines.push({ number: ++this.last, ...line })
    this.rooms.set(room, lines.slice(-KEPT))
    return this.last
  }

  /** The lines after a number, the oldest first. */
  after(room: string, number: number): RoomLine[] {
    return (this.rooms.get(room) ?? []).filter((line) => line.number > number)
  }
}
