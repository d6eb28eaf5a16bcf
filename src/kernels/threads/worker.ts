/**
 * @file The script of a worker: attaches to the shared memory, reports that it is ready, and joins jobs until it is
 * stopped.
 */
import type { Job } from '../job.ts'
import { rows } from '../wasm/rows.ts'
import { ScratchFull, type Share, WasmInstance } from '../wasm/wasm-instance.ts'
import { Control } from './control.ts'
import { readJob } from './message.ts'

/** The first message to a worker. */
export interface Post {
  readonly module: WebAssembly.Module
  readonly rare: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Its scratch, `[from, to)`. */
  readonly from: number
  readonly to: number
  /** The address of the control words, the number of workers, and the index of this one. */
  readonly control: number
  readonly workers: number
  readonly worker: number
}

interface Port {
  onmessage: ((event: { readonly data: Post }) => void) | null
  postMessage(message: 'ready'): void
  close?(): void
}

/** The scope of a web worker, or Node's parent port. */
function port(): Port {
  const node = (globalThis as { process?: NodeJS.Process }).process?.getBuiltinModule?.('node:worker_threads')
  return (node?.parentPort ?? globalThis) as unknown as Port
}

const parent = port()
parent.onmessage = ({ data }) => {
  parent.onmessage = null
  const { module, rare, memory, from, to, control: at, workers } = data
  const instance = new WasmInstance({ module, rare: () => rare }, { memory, from, to })
  const control = new Control(memory.buffer, at, workers)
  const seen = control.generation
  parent.postMessage('ready')
  serve(instance, control, data.worker, seen)
  parent.close?.()
}

function serve(instance: WasmInstance, control: Control, worker: number, seen: number): void {
  let last = seen
  for (;;) {
    const generation = control.nextJob(last)
    if (generation === 0) return
    last = generation
    const job = read(instance, control, generation)
    if (job !== null) help(instance, control, worker, generation, job)
  }
}

/** The job, or null if it is closed: the next message may then have overwritten it while it was read. */
function read(instance: WasmInstance, control: Control, generation: number): Job | null {
  try {
    const job = readJob(instance.memory.buffer, control.messageAt)
    return control.isOpen(generation) ? job : null
  } catch (error) {
    if (control.isOpen(generation)) throw error
    return null
  }
}

/**
 * Joins a job only after everything but its tiles is prepared, so that the caller never waits for a worker that has no
 * tile. If the scratch is too small here, it is so for the caller too. Other errors end the worker.
 */
function help(instance: WasmInstance, control: Control, worker: number, generation: number, job: Job): void {
  const row = rows.find(({ reducer, pass }) => reducer === job.reducer && pass === job.pass)!
  let joined = false
  const share: Share = function* (tiles) {
    joined = control.join(worker, generation)
    if (!joined) return
    for (const tile of control.claim(generation, tiles)) {
      yield tile
      control.advance(worker)
    }
  }
  try {
    row.run(instance, job, share)
  } catch (error) {
    if (!(error instanceof ScratchFull)) throw error
  } finally {
    if (joined) control.leave(worker)
  }
}
