/**
 * @file The worker of photographs, so that the grid does not wait for them. A superseded pooling is dropped; if it has started, its worker is replaced.
 */
import type { Pooling } from '../../../src/render/pooling.ts'
import type { Plane } from '../../../src/render/presets.ts'
import type { LoadedPhoto, PooledPhoto } from '../model/photo.ts'
import type { SampleName } from '../model/sample-photos.ts'
import { LibraryWorker } from '../worker/client.ts'

/** Milliseconds after which a pooling is not waited for: reading the photograph again takes about as long. */
const restartAfter = 400

export class PhotoWorker {
  #worker = new LibraryWorker()
  #photo: File | SampleName | null = null
  /** The start of the running pooling; null while no pooling runs. */
  #begun: number | null = null

  async load(photo: File | SampleName): Promise<LoadedPhoto> {
    if (this.#begun !== null) this.#replace()
    this.#photo = photo
    return this.#read(photo)
  }

  #read(photo: File | SampleName): Promise<LoadedPhoto> {
    return typeof photo === 'string'
      ? this.#worker.run('loadSample', photo)
      : this.#worker.run('loadPhoto', photo)
  }

  async pool(pooling: Pooling): Promise<PooledPhoto | null> {
    if (this.#begun !== null && performance.now() - this.#begun > restartAfter) await this.cancel()
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
    if (this.#photo !== null) await this.#read(this.#photo)
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
