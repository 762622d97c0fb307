import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SqliteEngine, makeDirectory } from './engine'
import { OwnerFile } from './lock'
import { migrateSqlite } from './schema'

/** The file of a database, or `:memory:`: this process's alone from `open` to `close`, or until the process ends. */
export class DatabaseFile {
  #path = ''
  #engine: SqliteEngine | undefined
  #owner: OwnerFile | undefined
  readonly #atExit = () => this.close()

  async open(path: string): Promise<void> {
    this.#path = path
    if (path !== ':memory:') {
      makeDirectory(dirname(path))
      const owner = new OwnerFile(path)
      await owner.acquire()
      this.#owner = owner
      process.on('exit', this.#atExit)
    }
    try {
      this.#engine = new SqliteEngine(path)
      migrateSqlite(this.#engine, path)
    } catch (error) {
      this.close()
      throw error
    }
  }

  get engine(): SqliteEngine {
    if (!this.#engine) throw new Error(`the database ${this.#path} is closed`)
    return this.#engine
  }

  get inTransaction(): boolean {
    return this.#engine?.inTransaction ?? false
  }

  /** Nothing may write meanwhile. */
  async copyTo(path: string): Promise<void> {
    this.engine.checkpoint()
    await copyFile(this.#path, path, constants.COPYFILE_EXCL)
  }

  close(): void {
    process.off('exit', this.#atExit)
    this.#engine?.close()
    this.#engine = undefined
    this.#owner?.release()
    this.#owner = undefined
  }
}
