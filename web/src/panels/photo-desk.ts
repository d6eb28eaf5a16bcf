/**
 * @file The photograph's own worker: the grid never waits for it. A pooling that is no longer wanted is dropped, by a new worker if it has begun.
 */
import type { Pooling } from '../../../src/render/pooling.ts'
import type { Plane } from '../../../src/render/presets.ts'
import type { PhotoSize, PooledPhoto } from '../model/photo.ts'
import { LibraryWorker } from '../worker/client.ts'

/** Milliseconds after which a pooling is not waited for: reading the photograph again takes about as long. */
const patience = 400

export class PhotoDesk {
  #worker = new LibraryWorker()
  #file: File | null = null
  /** When the pooling that runs was begun; null while none does. */
  #begun: number | null = null

  async load(file: File): Promise<PhotoSize> {
    if (this.#begun !== null) this.#replace()
    this.#file = file
    return this.#worker.run('loadPhoto', file)
  }

  async pool(pooling: Pooling): Promise<PooledPhoto | null> {
    if (this.#begun !== null && performance.now() - this.#begun > patience) await this.cancel()
    const worker = this.#worker
    this.#begun ??= performance.now()
    try {
      return await worker.latest('pool', 'poolPhoto', pooling)
    } finally {
      if (worker === this.#worker) this.#begun = null
    }
  }

  crop(): Promise<Plane | null> {
    return this.#worker.run('cropPhoto')
  }

  /** Ends the pooling that runs; the photograph stays. */
  async cancel(): Promise<void> {
    this.#replace()
    if (this.#file !== null) await this.#worker.run('loadPhoto', this.#file)
  }

  close(): void {
    this.#worker.close()
  }

  #replace(): void {
    this.#worker.close()
    this.#worker = new LibraryWorker()
    this.#begun = null
  }
}
